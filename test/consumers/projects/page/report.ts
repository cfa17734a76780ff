/** Runs a page's program and shows in its title what it returned, as JSON, or what it threw. */
export async function report(program: () => Promise<unknown>): Promise<void> {
  try {
    document.title = `done ${JSON.stringify(await program())}`;
  } catch (error) {
    document.title = `failed ${String(error)}`;
  }
}
