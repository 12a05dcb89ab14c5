import { open, rm, type FileHandle } from 'node:fs/promises';
import { OperatorError } from './invoke-operator.ts';

/**
 * Creates an empty file at the path that the operator passed in a command-line option, and returns the open file. Only
 * the operator can read the file, because it will contain the names of customers.
 * Throws `OperatorError` if the file cannot be created at this path, or if the file exists. An existing file may be the
 * only copy of statements that an earlier command wrote, so this function never overwrites a file. The caller calls
 * this function before any other step, and deletes the new file if a later step fails.
 */
export async function createFile(option: string, file: string): Promise<FileHandle> {
  try {
    return await open(file, 'wx', 0o600);
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new OperatorError({
      title: `${option}: ${isThere ? 'the file already exists' : 'the file cannot be written'}`,
      detail: `${isThere ? `Choose a file other than ${file}` : (error as Error).message}. Nothing was changed.`,
    });
  }
}

/**
 * Writes a text to the new file that a command-line option names, and passes a line with the file's name to
 * `printLine`. Creates the file before it calls `textOf`, and deletes the file if `textOf` throws. Throws
 * `OperatorError`, and every error that `textOf` throws.
 */
export async function writeNewFile(
  option: string,
  file: string,
  textOf: () => Promise<string>,
  printLine: (line: string) => void,
): Promise<void> {
  const handle = await createFile(option, file);
  try {
    const text = await textOf();
    await handle.writeFile(text).catch((error: unknown) => {
      throw new OperatorError({ title: `${file} was not written`, detail: (error as Error).message });
    });
    printLine(`Written to ${file}.`);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}
