import { useMutation } from '@tanstack/react-query';
import { useText, type Texts } from '../../text/language.tsx';
import { ActionButton } from '../action-button.tsx';
import { useActionName } from '../use-action-name.ts';
import { useTellProblem } from '../use-tell-problem.ts';

const texts = {
  en: { download: 'Download CSV', failed: 'The CSV could not be downloaded' },
  ja: { download: 'CSVをダウンロード', failed: 'CSVをダウンロードできませんでした' },
} satisfies Texts<object>;

/** Has a function of the client ask for CSV, and give the answer as it came. */
export const asCsv = { headers: { Accept: 'text/csv' }, parseAs: 'blob', throwOnError: true } as const;

export interface CsvButtonProps {
  /** Reads the CSV: a function of the client with `asCsv`. */
  readonly read: () => Promise<{ readonly data: unknown }>;
  readonly fileName: string;
  /** What it is of, such as the title of its block. */
  readonly of: string;
}

/** Downloads what the service answers as CSV, unchanged. */
export function CsvButton({ read, fileName, of }: CsvButtonProps) {
  const text = useText(texts);
  const nameOf = useActionName();
  const tellProblem = useTellProblem();
  const download = useMutation({
    mutationFn: read,
    meta: { savesNothing: true },
    onSuccess: ({ data }) => {
      save(data as Blob, fileName);
    },
    onError: (error) => {
      tellProblem(text.failed, error);
    },
  });
  return (
    <ActionButton
      size="xs"
      variant="default"
      aria-label={nameOf(text.download, of)}
      loading={download.isPending}
      onClick={() => {
        download.mutate();
      }}
    >
      {text.download}
    </ActionButton>
  );
}

/** A link alone would neither ask for CSV nor show that something failed: the file is read first, and then saved. */
function save(file: Blob, fileName: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(link.href);
}
