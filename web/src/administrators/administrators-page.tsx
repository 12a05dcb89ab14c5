import { useDisclosure } from '@mantine/hooks';
import { useSession } from '../session/use-session.ts';
import { useText } from '../text/language.tsx';
import { Block } from '../ui/block.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Page } from '../ui/page/page.tsx';
import { ReasonedButton } from '../ui/reasoned-button.tsx';
import { AddAdministratorForm } from './add-administrator-form.tsx';
import { AdministratorsTable } from './administrators-table.tsx';
import { texts } from './texts.ts';
import { useAllAdministrators } from './use-all-administrators.ts';

/**
 * Lists the administrators of the customer. Every administrator can see the list, but only privileged administrators
 * can change it.
 */
export default function AdministratorsPage() {
  const text = useText(texts);
  const administrators = useAllAdministrators();
  const me = useSession().data?.administrator;
  const [isAdding, { open, close }] = useDisclosure();
  return (
    <Page title={text.title}>
      <Block
        title={text.all}
        query={administrators}
        action={() => (
          <ReasonedButton size="xs" reason={me?.privilege === 'privileged' ? null : text.onlyPrivileged} onClick={open}>
            {text.add}
          </ReasonedButton>
        )}
      >
        {(all) => me && <AdministratorsTable administrators={all} me={me} />}
      </Block>
      <Dialog opened={isAdding} onClose={close} title={text.add}>
        <AddAdministratorForm onDone={close} />
      </Dialog>
    </Page>
  );
}
