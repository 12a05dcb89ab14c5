/** An event source mapping, which brings the events of a queue or a stream to a function. */
export interface Mapping {
  /**
   * Resolves when the function has handled everything that waits now, even what is still delayed. Does nothing if the
   * mapping is disabled. Throws if the function fails again and again.
   */
  drain(): Promise<void>;
  /** Returns how many events the function has handled. */
  delivered(): number;
  stop(): Promise<void>;
}
