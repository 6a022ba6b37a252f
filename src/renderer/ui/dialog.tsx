import { X } from 'lucide-react';
import { useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import { useMessages } from '../i18n/language.js';
import { IconButton } from './button.js';
import { classNames } from './class-names.js';
import styles from './dialog.module.css';

interface DialogProps {
  readonly title: string;
  readonly wide?: boolean;
  /** False where something inside bears `data-autofocus`. */
  readonly focusTitle?: boolean;
  /** It cannot be closed for now: only what is in it ends it. */
  readonly locked?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A modal dialog: the browser keeps the focus in it, and gives it back to where it was. */
export function Dialog({ title, wide = false, focusTitle = true, locked = false, onClose, children }: DialogProps) {
  const messages = useMessages();
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  // A layout effect is cleaned up while the element is still on the page; a passive one is too late.
  useLayoutEffect(() => {
    const dialog = element.current;
    if (dialog === null) return;
    dialog.showModal();
    // Else the browser would choose the close button.
    dialog.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => {
      // Closing before it leaves the page is what gives the focus back; what opened it may be gone by now.
      dialog.close();
      requestAnimationFrame(focusHome);
    };
  }, []);

  return (
    <dialog
      ref={element}
      aria-labelledby={titleId}
      // Esc pressed twice would close it without asking.
      closedby={locked ? 'none' : 'closerequest'}
      className={classNames(styles.dialog, wide && styles.wide)}
      onCancel={(event) => {
        if (event.target !== element.current) return;
        event.preventDefault();
        if (!locked) onClose();
      }}
      onPointerDown={(event) => {
        // The backdrop belongs to the dialog element itself, everything else lies in its children.
        if (event.target === element.current && !locked) onClose();
      }}
    >
      <header className={styles.head}>
        <h2 id={titleId} tabIndex={-1} className={styles.title} {...(focusTitle ? { 'data-autofocus': true } : {})}>
          {title}
        </h2>
        {!locked && (
          <IconButton label={messages.close} keys="Esc" onClick={onClose}>
            <X size="1.125em" aria-hidden />
          </IconButton>
        )}
      </header>
      <div className={styles.body}>{children}</div>
    </dialog>
  );
}

/** Gives the focus a place where it has none: nobody should have to Tab from the page's beginning. */
export function focusHome(): void {
  const { activeElement } = document;
  if (activeElement !== null && activeElement !== document.body) return;
  document.querySelector<HTMLElement>('[data-home]')?.focus({ preventScroll: true });
}

/** The buttons that end a dialog. */
export function DialogActions(props: { readonly children: ReactNode }) {
  return <div className={styles.actions}>{props.children}</div>;
}
