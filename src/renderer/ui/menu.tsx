import { Ellipsis, type LucideIcon } from 'lucide-react';
import { useRef, useState, type KeyboardEvent } from 'react';
import { IconButton } from './button.js';
import { classNames } from './class-names.js';
import styles from './menu.module.css';

export interface MenuItem {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly danger?: boolean;
  readonly onSelect: () => void;
}

interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly className?: string | undefined;
  /** -1 where a list of which it is part is one Tab stop. */
  readonly tabIndex?: number;
}

/** A "more" button with its menu. The menu is a popover: above everything, closed by Esc or a click elsewhere. */
export function Menu({ label, items, className, tabIndex }: MenuProps) {
  const [open, setOpen] = useState(false);
  const [place, setPlace] = useState({ top: 0, left: 0 });
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);

  function show(): void {
    const anchor = button.current?.getBoundingClientRect();
    const popover = menu.current;
    if (anchor === undefined || popover === null) return;
    popover.showPopover();
    const { width, height } = popover.getBoundingClientRect();
    const below = anchor.bottom + height + 4 < window.innerHeight;
    setPlace({ top: below ? anchor.bottom + 4 : anchor.top - height - 4, left: Math.max(8, anchor.right - width) });
    popover.querySelector('button')?.focus();
  }

  function move(event: KeyboardEvent<HTMLDivElement>): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Tab') menu.current?.hidePopover();
    if (step === undefined) return;
    event.preventDefault();
    const buttons = [...event.currentTarget.querySelectorAll('button')];
    const at = buttons.findIndex((other) => other === document.activeElement);
    buttons.at((at + step + buttons.length) % buttons.length)?.focus();
  }

  return (
    <>
      <IconButton
        ref={button}
        label={label}
        aria-haspopup="menu"
        tabIndex={tabIndex}
        aria-expanded={open}
        className={className}
        onClick={() => {
          if (open) menu.current?.hidePopover();
          else show();
        }}
      >
        <Ellipsis size="1.125em" aria-hidden />
      </IconButton>
      <div
        ref={menu}
        role="menu"
        aria-label={label}
        popover="auto"
        className={styles.menu}
        style={place}
        onToggle={(event) => {
          setOpen(event.newState === 'open');
        }}
        onKeyDown={move}
      >
        {items.map(({ label: words, icon: Icon, danger, onSelect }) => (
          <button
            key={words}
            type="button"
            role="menuitem"
            tabIndex={-1}
            className={classNames(styles.item, danger === true && styles.danger)}
            onClick={() => {
              menu.current?.hidePopover();
              onSelect();
            }}
          >
            <Icon size="1em" aria-hidden />
            {words}
          </button>
        ))}
      </div>
    </>
  );
}
