import { Button, Group, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';

export interface SearchFormProps {
  /** The label of the field. Names the form too. */
  readonly label: string;
  /** Says which texts find something. */
  readonly description: string;
  /** The maximum number of characters that the person can type. */
  readonly maxLength: number;
  /** The label of the button that searches. */
  readonly search: string;
  /** The label of the button that shows the whole list again. */
  readonly all: string;
  /** The text that the person looks for; empty for the whole list. */
  readonly sought: string;
  readonly onFind: (sought: string) => void;
}

/** Lets the person search a list. The address of the page keeps the text that the person looks for. */
export function SearchForm({ label, description, maxLength, search, all, sought, onFind }: SearchFormProps) {
  const [typed, setTyped] = useState(sought);
  const [from, setFrom] = useState(sought);
  // Back and Forward can change what the address looks for.
  if (from !== sought) {
    setFrom(sought);
    setTyped(sought);
  }
  const input = useRef<HTMLInputElement>(null);
  return (
    <form
      role="search"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        onFind(typed.trim());
      }}
    >
      <TextInput
        ref={input}
        type="search"
        label={label}
        description={description}
        maxLength={maxLength}
        maw={560}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={typed}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value);
        }}
      />
      <Group gap="xs" mt="xs">
        <Button type="submit" size="xs">
          {search}
        </Button>
        {sought !== '' && (
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              onFind('');
              // This button disappears.
              input.current?.focus();
            }}
          >
            {all}
          </Button>
        )}
      </Group>
    </form>
  );
}
