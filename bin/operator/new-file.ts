import { open, rm, type FileHandle } from 'node:fs/promises';
import { OperatorError } from './invoke-operator.ts';

/**
 * Makes the file that an option names, before anything else is done: a path that cannot be written, or a file that is there
 * already, perhaps the last copy of other statements, is refused with an `OperatorError`. Whoever calls this takes the
 * file away again when nothing came of it.
 */
export async function createFile(option: string, file: string): Promise<FileHandle> {
  try {
    return await open(file, 'wx');
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new OperatorError({
      title: `${option}: ${isThere ? 'there is such a file already' : 'the file cannot be written'}`,
      detail: `${isThere ? `Name another one than ${file}` : (error as Error).message}. Nothing was done.`,
    });
  }
}

/**
 * Writes a text to the new file that an option names, and says so. The file is made before the text, and taken away again
 * when there is none. Throws `OperatorError`, and what `textOf` throws.
 */
export async function writeNewFile(option: string, file: string, textOf: () => Promise<string>): Promise<void> {
  const handle = await createFile(option, file);
  try {
    const text = await textOf();
    await handle.writeFile(text).catch((error: unknown) => {
      throw new OperatorError({ title: `${file} was not written`, detail: (error as Error).message });
    });
    console.error(`Written to ${file}.`);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}
