/*
 * A person's picture, with a mark for where they stand at the provider. The mark is ours: Atlaskit has none for somebody who is away, and names
 * the picture in English. Each is told by its shape as well as by its colour, and hidden from assistive technology: the words beside the picture
 * say the same.
 */
import Avatar from '@atlaskit/avatar';
import type { Presence } from '../api/types';

interface PersonPictureProps {
  src: string | undefined;
  /** Absent: nothing is known, or nothing that is still true. */
  presence: Presence | undefined;
}

export function PersonPicture({ src, presence }: PersonPictureProps) {
  return (
    <span className="picture">
      <Avatar size="small" src={src} />
      {presence && (
        <svg className={`presence presence-${presence}`} viewBox="0 0 14 14" aria-hidden="true" focusable="false">
          <circle className="presence-ground" cx="7" cy="7" r="7" />
          {shapes[presence]}
        </svg>
      )}
    </span>
  );
}

/** A disc; a disc with a bar; a moon; a ring. Each 10 wide, with 2 of ground around it. */
const shapes: Record<Presence, JSX.Element> = {
  online: <circle cx="7" cy="7" r="5" />,
  busy: (
    <>
      <circle cx="7" cy="7" r="5" />
      <rect className="presence-ground" x="4" y="6" width="6" height="2" />
    </>
  ),
  away: <path d="M6 2.1A5 5 0 1 0 11.9 8 4.2 4.2 0 0 1 6 2.1Z" />,
  offline: <circle className="presence-ring" cx="7" cy="7" r="3.9" />,
};
