import { app, session, shell, type Session, type WebContents } from 'electron';
import type { Log } from '../core/ports.js';
import { isOwnUrl } from './app-origin.js';

/** Holds every page, whoever creates it, to its own origin. Before the first window is made. */
export function confinePages(log: Log): void {
  app.on('web-contents-created', (_event, contents) => {
    confineNavigation(contents, log);
    contents.on('will-attach-webview', (event) => {
      event.preventDefault();
    });
    contents.setWindowOpenHandler(({ url }) => {
      if (isWebPage(url)) {
        shell.openExternal(url).catch((error: unknown) => {
          log.warn('the system could not open a link', { error });
        });
      }
      return { action: 'deny' };
    });
  });
}

function confineNavigation(contents: WebContents, log: Log): void {
  const stay = (details: { readonly url: string; preventDefault(): void }) => {
    if (isOwnUrl(details.url)) return;
    details.preventDefault();
    log.warn('navigation prevented');
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
}

/** Only `https:` is handed to the system: other schemes start programs. */
function isWebPage(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:';
}

/**
 * Grants our own page the microphone, and to put text on the clipboard (a recovery code), and nobody anything else.
 * Electron's own default is to grant everything.
 */
export function restrictPermissions(ses: Session = session.defaultSession): void {
  ses.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const types = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    const soundOnly = types.length > 0 && types.every((type) => type === 'audio');
    const granted = permission === 'media' ? soundOnly : permission === 'clipboard-sanitized-write';
    answer(granted && details.isMainFrame && isOwnUrl(details.requestingUrl));
  });
  ses.setPermissionCheckHandler(
    (_contents, permission, requestingOrigin, details) =>
      (permission === 'media' ? details.mediaType === 'audio' : permission === 'clipboard-sanitized-write') &&
      details.isMainFrame &&
      isOwnUrl(requestingOrigin),
  );
  ses.setDevicePermissionHandler(() => false);
}
