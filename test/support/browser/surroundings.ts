import type { Page } from "playwright-core";

export const SCHEMES = ["light", "dark"] as const;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Has something done while the page has this size, without loading it anew. */
export async function withViewport(page: Page, size: Size, work: () => Promise<void>): Promise<void> {
  const before = page.viewportSize();
  if (before === null) throw new Error("the page has no fixed size");
  await page.setViewportSize(size);
  try {
    await work();
  } finally {
    await page.setViewportSize(before);
  }
}

/** Has something done while the reader prefers this scheme, without loading the page anew. */
export async function withScheme(page: Page, scheme: "light" | "dark", work: () => Promise<void>): Promise<void> {
  const isDark = await page.evaluate<boolean>('matchMedia("(prefers-color-scheme: dark)").matches');
  await page.emulateMedia({ colorScheme: scheme });
  try {
    await work();
  } finally {
    await page.emulateMedia({ colorScheme: isDark ? "dark" : "light" });
  }
}
