/** Loaded first (`node --import`), before anything that an older Node.js cannot even read. */
if (!process.features.typescript) {
  console.error(
    `This needs Node.js 22.18 or newer, and ${process.execPath} is ${process.versions.node}.\n` +
      "On Linux `npm install` brings one, unless it leaves out optional packages; elsewhere install one.",
  );
  process.exit(1);
}
