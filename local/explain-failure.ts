import { UnavailableError } from '../functions/table/engine/unavailable-error.ts';
import { DataDirInUseError } from './data-dir.ts';
import { IncompleteDemoError } from './demo/demo-access.ts';
import { shownDir, type Settings } from './settings.ts';

/** Returns a message for the user about a failed start: the cause, and what to do next. */
export function explainFailure(error: unknown, settings: Settings | undefined): string {
  if (!(error instanceof Error)) return String(error);
  if (!settings) return error.message;
  const { PORT: port, DYNAMODB_ENDPOINT: endpoint } = settings;
  const dir = shownDir(settings);
  const { code, syscall } = error as NodeJS.ErrnoException;
  // The port after the service's port is free for the sample shop.
  if (error instanceof DataDirInUseError) {
    return `A service already uses ${dir}, at ${error.url}. Use that service, or stop it. To run a second service, choose another directory and other ports: DATA_DIR=${dir}-2 PORT=${port + 2} SHOP_PORT=${port + 3} npm start`;
  }
  if (error instanceof IncompleteDemoError) {
    return endpoint === undefined
      ? `${error.message} Delete ${dir} and start again: rm -r ${dir}. To keep the data unchanged: rm ${dir}/demo.json`
      : `${error.message} Delete all data from the DynamoDB database at ${endpoint} (docker compose restart deletes it), and start again. To keep the data unchanged: rm ${dir}/demo.json`;
  }
  if (code === 'EADDRINUSE' && syscall === 'listen') {
    return `Port ${port} is in use. Stop the process that listens on this port, or choose another port: PORT=${port + 2} npm start`;
  }
  if (code === 'EACCES' && syscall === 'listen') {
    return `The service may not listen on port ${port}. Choose a port above 1023: PORT=3000 npm start`;
  }
  if (['EACCES', 'EEXIST', 'ENOTDIR', 'EROFS'].includes(code ?? '')) {
    return `The service cannot store data in the directory ${dir} (${error.message}). Choose another directory: DATA_DIR=… npm start`;
  }
  if (endpoint !== undefined && error instanceof UnavailableError) {
    return `No DynamoDB responds at DYNAMODB_ENDPOINT, ${endpoint}. Start a DynamoDB (docker compose up --detach), or set another address.`;
  }
  // If the error's class is `Error` and not a subclass, this project's own code threw it, with a message that says what
  // to do. An error of any other class is unexpected, and its stack trace shows the failed line.
  return error.constructor === Error ? error.message : (error.stack ?? error.message);
}
