import { useMutation } from '@tanstack/react-query';
import { allCsvParts, type CsvResponse } from '../../api/all-csv-parts.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { ActionButton } from '../action-button.tsx';
import { useActionName } from '../use-action-name.ts';
import { useTellProblem } from '../use-tell-problem.ts';

const texts = {
  en: { download: 'Download CSV', failed: 'The CSV could not be downloaded' },
  ja: { download: 'CSVをダウンロード', failed: 'CSVをダウンロードできませんでした' },
} satisfies Texts<object>;

/** Options that make a function of the API client request CSV and return the response unchanged. */
export const asCsv = { headers: { Accept: 'text/csv' }, parseAs: 'blob', throwOnError: true } as const;

export interface CsvButtonProps {
  /** Reads a part of the CSV by calling a function of the API client with `asCsv` and with the query. */
  readonly read: (query: { cursor?: string }) => Promise<CsvResponse>;
  readonly fileName: string;
  /**
   * The name of the data in the CSV file, such as the title of the block that shows the data. Screen readers read this
   * name together with the label of the button.
   */
  readonly of?: string;
  /**
   * The label of the button, which names the data, in place of `of`.
   * @default - a label that says that the button downloads CSV
   */
  readonly label?: string;
}

/** Shows a button that downloads the CSV that the service sends, as a file for spreadsheet programs. */
export function CsvButton({ read, fileName, of, label }: CsvButtonProps) {
  const text = useText(texts);
  const shown = label ?? text.download;
  const nameOf = useActionName();
  const tellProblem = useTellProblem();
  const download = useMutation({
    mutationFn: () => allCsvParts(read),
    meta: { savesNothing: true },
    onSuccess: (parts) => {
      // With a byte order mark, Excel reads the file as UTF-8.
      save(new Blob(['\uFEFF', ...parts], { type: 'text/csv;charset=utf-8' }), fileName);
    },
    onError: (error) => {
      tellProblem(text.failed, error);
    },
  });
  return (
    <ActionButton
      size="xs"
      variant="default"
      aria-label={of === undefined ? shown : nameOf(shown, of)}
      loading={download.isPending}
      onClick={() => {
        download.mutate();
      }}
    >
      {shown}
    </ActionButton>
  );
}

/**
 * Saves a file whose content is already in memory. The button uses this function because a plain link could neither
 * request CSV nor show a failure.
 */
function save(file: Blob, fileName: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(link.href);
}
