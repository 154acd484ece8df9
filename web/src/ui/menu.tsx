/*
 * A menu that opens in the flow of the page, below its row: the panel is a narrow frame, where anything that floats is cut off.
 * Keyboard as in the WAI-ARIA menu button pattern.
 */
import { IconButton } from '@atlaskit/button/new';
import MoreIcon from '@atlaskit/icon/core/show-more-horizontal';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { isEscape } from './keys';
import './menu.css';

export interface MenuItem {
  key: string;
  label: string;
  onSelect: () => void;
}

interface MenuProps {
  label: string;
  items: MenuItem[];
  /** Where the list is drawn: the trigger stands in the row's head, the list below the row. */
  children: (trigger: JSX.Element, list: JSX.Element | null) => JSX.Element;
  onOpenChange?: (open: boolean) => void;
}

export function Menu({ label, items, children, onOpenChange }: MenuProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const trigger = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (open) list.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
  }, [open]);

  // Told by an effect, so that a menu that goes away open is told of too.
  useEffect(() => {
    if (!open) return undefined;
    onOpenChange?.(true);
    return () => onOpenChange?.(false);
  }, [open, onOpenChange]);

  useEffect(() => {
    if (!open) return undefined;
    const closeOutside = (event: PointerEvent) => {
      const target = event.target as Node;
      if (!list.current?.contains(target) && !trigger.current?.contains(target)) setOpen(false);
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, [open]);

  const move = (event: KeyboardEvent) => {
    const entries = [...(list.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const at = entries.indexOf(document.activeElement as HTMLElement);
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 };
    const next = steps[event.key];
    if (next !== undefined) {
      event.preventDefault();
      entries[(next + entries.length) % entries.length]?.focus();
    } else if (isEscape(event)) {
      event.preventDefault();
      setOpen(false);
      trigger.current?.focus();
    } else if (event.key === 'Tab') {
      // The browser goes on from here, to what comes after the trigger or before it.
      trigger.current?.focus({ preventScroll: true });
      setOpen(false);
    }
  };

  const select = (item: MenuItem) => {
    setOpen(false);
    trigger.current?.focus();
    item.onSelect();
  };

  return children(
    <IconButton
      ref={trigger}
      icon={MoreIcon}
      label={label}
      appearance="subtle"
      spacing="compact"
      aria-haspopup="menu"
      aria-expanded={open}
      aria-controls={open ? id : undefined}
      onClick={() => setOpen(!open)}
      onKeyDown={(event) => {
        if (event.key === 'ArrowDown' && !open) {
          event.preventDefault();
          setOpen(true);
        }
      }}
    />,
    open ? (
      <div ref={list} id={id} role="menu" aria-label={label} className="menu" onKeyDown={move}>
        {items.map((item) => (
          <button key={item.key} type="button" role="menuitem" tabIndex={-1} className="menu-item" onClick={() => select(item)}>
            {item.label}
          </button>
        ))}
      </div>
    ) : null,
  );
}
