import type { CDPSession, Page } from 'playwright-core';

/** A passkey in the authenticator, with its binary parts in base64. */
export interface Credential {
  readonly credentialId: string;
  readonly isResidentCredential: boolean;
  readonly rpId?: string;
  readonly privateKey: string;
  readonly userHandle?: string;
  readonly signCount: number;
}

/**
 * The virtual authenticator of a page: a platform authenticator with resident keys and user verification. The simulated
 * user immediately accepts every WebAuthn request and every passkey that a field's autofill offers, so Chromium shows
 * no dialogs. Closing the page deletes its passkeys.
 */
export class Authenticator {
  private readonly session: CDPSession;
  private readonly authenticatorId: string;

  private constructor(session: CDPSession, authenticatorId: string) {
    this.session = session;
    this.authenticatorId = authenticatorId;
  }

  /** Adds an authenticator to a page, and returns the authenticator. */
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

  /** Returns the stored passkeys. */
  async credentials(): Promise<Credential[]> {
    const { credentials } = await this.session.send('WebAuthn.getCredentials', this.own);
    return credentials;
  }

  /** Adds a passkey, for example from another authenticator or with a different sign count. */
  async add(credential: Credential): Promise<void> {
    await this.session.send('WebAuthn.addCredential', { ...this.own, credential: { ...credential } });
  }

  /** Removes a passkey, as if the person had lost the passkey. */
  async remove({ credentialId }: Credential): Promise<void> {
    await this.session.send('WebAuthn.removeCredential', { ...this.own, credentialId });
  }

  async removeAll(): Promise<void> {
    await this.session.send('WebAuthn.clearCredentials', this.own);
  }

  /** Copies all passkeys to another page's authenticator, as a passkey provider does between a person's devices. */
  async copyTo(other: Authenticator): Promise<void> {
    for (const credential of await this.credentials()) await other.add(credential);
  }

  /** Sets whether the authenticator can verify its user (by finger, face or PIN). */
  async verifiesUser(isVerified: boolean): Promise<void> {
    await this.session.send('WebAuthn.setUserVerified', { ...this.own, isUserVerified: isVerified });
  }

  /**
   * Sets whether the simulated user accepts WebAuthn requests immediately. Otherwise a WebAuthn ceremony waits, as if
   * the user had not reacted yet.
   */
  async agrees(atOnce: boolean): Promise<void> {
    await this.session.send('WebAuthn.setAutomaticPresenceSimulation', { ...this.own, enabled: atOnce });
  }

  private get own() {
    return { authenticatorId: this.authenticatorId };
  }
}
