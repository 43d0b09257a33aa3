/** Where whoever acts for an owner begins. */
export const home = {
  title: "Your things",
  empty: "What apps keep for you appears here as soon as one of them is connected and registers it.",
  nameless: "Something without a name",
};
