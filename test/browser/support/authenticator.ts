import type { CDPSession, Page } from 'playwright-core';
import type { SoftPasskey } from '../../support/fido2/authenticator.ts';

/** A passkey in the authenticator, with its binary parts in base64. */
export interface Credential {
  readonly credentialId: string;
  readonly isResidentCredential: boolean;
  readonly rpId?: string;
  readonly privateKey: string;
  readonly userHandle?: string;
  readonly userName?: string;
  readonly userDisplayName?: string;
  readonly signCount: number;
}

/** How an authenticator differs from a platform authenticator with resident keys and user verification. */
export interface AuthenticatorOptions {
  readonly protocol?: 'ctap2' | 'u2f';
  readonly transport?: 'internal' | 'usb' | 'nfc' | 'ble';
  readonly hasResidentKey?: boolean;
  readonly hasUserVerification?: boolean;
  readonly isUserVerified?: boolean;
  /** The backup flags of new passkeys. */
  readonly defaultBackupEligibility?: boolean;
  readonly defaultBackupState?: boolean;
}

/**
 * The virtual authenticator of a page: by default, a platform authenticator with resident keys and user verification.
 * The simulated user immediately accepts every WebAuthn request and every passkey that a field's autofill offers, so
 * Chromium shows no dialogs. Closing the page deletes its passkeys.
 */
export class Authenticator {
  private readonly session: CDPSession;
  private readonly authenticatorId: string;

  private constructor(session: CDPSession, authenticatorId: string) {
    this.session = session;
    this.authenticatorId = authenticatorId;
  }

  /** Adds an authenticator to a page, and returns the authenticator. */
  static async of(page: Page, options: AuthenticatorOptions = {}): Promise<Authenticator> {
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
        ...options,
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

  /** Adds a passkey that a test created without a browser. */
  async addPasskey({ credentialId, rpId, privateKey, userHandle, signCount }: SoftPasskey): Promise<void> {
    await this.add({
      ...{ rpId, signCount, isResidentCredential: true },
      credentialId: credentialId.toString('base64'),
      privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
      userHandle: Buffer.from(userHandle, 'base64url').toString('base64'),
    });
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

  /** Sets the backup flags of a passkey. */
  async setBackup(
    { credentialId }: Credential,
    flags: { readonly backupEligibility?: boolean; readonly backupState?: boolean },
  ): Promise<void> {
    await this.session.send('WebAuthn.setCredentialProperties', { ...this.own, credentialId, ...flags });
  }

  /** Sets which parts of the responses are wrong: the signature, the flag UV or the flag UP. The flags are then 0. */
  async misbehaves(bits: {
    readonly isBogusSignature?: boolean;
    readonly isBadUV?: boolean;
    readonly isBadUP?: boolean;
  }): Promise<void> {
    await this.session.send('WebAuthn.setResponseOverrideBits', { ...this.own, ...bits });
  }

  private get own() {
    return { authenticatorId: this.authenticatorId };
  }
}
