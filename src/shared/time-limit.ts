/**
 * What `work` gives, if it comes in time. Late work is not stopped; nobody hears of it any more.
 * @throws Error when it takes longer; whatever the work throws before that.
 */
export async function withinSeconds<T>(seconds: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${seconds} seconds`)), seconds * 1_000);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
