import { UnavailableError } from '../functions/table/engine/unavailable-error.ts';
import { DataDirInUseError } from './data-dir.ts';
import { IncompleteDemoError } from './demo/demo-access.ts';
import { shownDir, type Settings } from './settings.ts';

/** Gives what to tell the user about a start that failed: what it was and what to do. */
export function explainFailure(error: unknown, settings: Settings | undefined): string {
  if (!(error instanceof Error)) return String(error);
  if (!settings) return error.message;
  const { PORT: port, DYNAMODB_ENDPOINT: endpoint } = settings;
  const dir = shownDir(settings);
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof DataDirInUseError) {
    return `The service runs on ${dir} already, at ${error.url}. Use that one or end it; for a second one give it a directory and a port of its own: DATA_DIR=${dir}-2 PORT=${port + 1} npm start`;
  }
  if (error instanceof IncompleteDemoError) {
    return endpoint === undefined
      ? `${error.message} Delete ${dir} and start again: rm -r ${dir}; or go on with what is there: rm ${dir}/demo.json`
      : `${error.message} Empty the DynamoDB at ${endpoint} and start again (docker compose restart), or go on with what is there: rm ${dir}/demo.json`;
  }
  if (code === 'EADDRINUSE' && syscall === 'listen') {
    return `Port ${port} is in use. End what listens there, or choose another port: PORT=${port + 1} npm start`;
  }
  if (code === 'EACCES' && syscall === 'listen') {
    return `Port ${port} may not be listened on. Choose one above 1023: PORT=3000 npm start`;
  }
  if (['EACCES', 'EEXIST', 'ENOTDIR', 'EROFS'].includes(code ?? '')) {
    return `${dir} cannot be used for the data (${error.message}). Choose another directory: DATA_DIR=… npm start`;
  }
  if (endpoint !== undefined && error instanceof UnavailableError) {
    return `No DynamoDB answers at DYNAMODB_ENDPOINT, ${endpoint}. Start one (docker compose up --detach), or set another address.`;
  }
  // What this project throws says what to do; what it did not expect says where it happened.
  return error.constructor === Error ? error.message : (error.stack ?? error.message);
}
