/** Keeps what is written to the console from the terminal, and answers it. Call in a test file's top level. */
export function captureOutput(): () => string {
  let written: string[] = [];
  beforeEach(() => {
    written = [];
    const keep = (chunk: unknown): boolean => written.push(String(chunk)) > 0;
    jest.spyOn(process.stdout, 'write').mockImplementation(keep);
    jest.spyOn(process.stderr, 'write').mockImplementation(keep);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  return () => written.join('');
}
