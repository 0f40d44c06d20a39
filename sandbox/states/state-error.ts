/** An error that Retry and Catch may handle, by its name; else it ends the execution. */
export class StateError extends Error {
  constructor(
    readonly error: string,
    override readonly cause: string,
  ) {
    super(`${error}: ${cause}`);
  }

  /**
   * `States.ALL` leaves out what no retry can heal, `States.TaskFailed` leaves out timeouts.
   * Source: Step Functions developer guide, "Handling errors in Step Functions workflows".
   */
  isOneOf(names: readonly string[]): boolean {
    const terminal = this.error === 'States.Runtime' || this.error === 'States.DataLimitExceeded';
    return names.some(
      (name) =>
        name === this.error ||
        (name === 'States.ALL' && !terminal) ||
        (name === 'States.TaskFailed' && !terminal && this.error !== 'States.Timeout'),
    );
  }
}
