/** Returns undefined if a call failed with the error `absent`, because the thing that it asks for does not exist. */
export async function unlessAbsent<Answer>(absent: string, answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && error.name === absent) return undefined;
    throw error;
  }
}
