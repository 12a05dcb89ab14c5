import type { CDPSession, Page } from 'playwright-core';

/** A passkey as the authenticator keeps it; binary parts in base64. */
export interface Credential {
  readonly credentialId: string;
  readonly isResidentCredential: boolean;
  readonly rpId?: string;
  readonly privateKey: string;
  readonly userHandle?: string;
  readonly signCount: number;
}

/**
 * The virtual authenticator of a page: a platform's, with resident keys and user verification, whose user agrees at once,
 * also to a passkey that is only offered in a field's autofill. Chromium has no dialogs then. What it keeps goes with the page.
 */
export class Authenticator {
  private readonly session: CDPSession;
  private readonly authenticatorId: string;

  private constructor(session: CDPSession, authenticatorId: string) {
    this.session = session;
    this.authenticatorId = authenticatorId;
  }

  /** Gives a page an authenticator. */
  static async of(page: Page): Promise<Authenticator> {
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable', { enableUI: false });
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return new Authenticator(session, authenticatorId);
  }

  /** Gives the passkeys that it keeps. */
  async credentials(): Promise<Credential[]> {
    const { credentials } = await this.session.send('WebAuthn.getCredentials', this.own);
    return credentials;
  }

  /** Adds a passkey, such as one of another authenticator's, perhaps with another sign count. */
  async add(credential: Credential): Promise<void> {
    await this.session.send('WebAuthn.addCredential', { ...this.own, credential: { ...credential } });
  }

  /** Removes a passkey, as when somebody loses it. */
  async remove({ credentialId }: Credential): Promise<void> {
    await this.session.send('WebAuthn.removeCredential', { ...this.own, credentialId });
  }

  async removeAll(): Promise<void> {
    await this.session.send('WebAuthn.clearCredentials', this.own);
  }

  /** Copies all passkeys to another page's authenticator, as a provider does between somebody's devices. */
  async copyTo(other: Authenticator): Promise<void> {
    for (const credential of await this.credentials()) await other.add(credential);
  }

  /** Says whether its user can be verified (finger, face, PIN) from now on. */
  async verifiesUser(isVerified: boolean): Promise<void> {
    await this.session.send('WebAuthn.setUserVerified', { ...this.own, isUserVerified: isVerified });
  }

  /** Says whether its user agrees at once. Otherwise a ceremony waits, as for somebody who has not looked yet, or signs in otherwise. */
  async agrees(atOnce: boolean): Promise<void> {
    await this.session.send('WebAuthn.setAutomaticPresenceSimulation', { ...this.own, enabled: atOnce });
  }

  private get own() {
    return { authenticatorId: this.authenticatorId };
  }
}
