/* The four ways to reach somebody who is there. One that their client cannot do stays in its place and says so. */
import CommentIcon from '@atlaskit/icon/core/comment';
import PresentIcon from '@atlaskit/icon/core/projection-screen';
import ScreenIcon from '@atlaskit/icon/core/screen';
import VideoIcon from '@atlaskit/icon/core/video';
import type { LaunchMode, PersonAction } from '../api/types';
import { IconAction } from '../ui/action';
import { useWords } from '../ui/words';

const ways = [
  { mode: 'chat', icon: CommentIcon },
  { mode: 'call', icon: VideoIcon },
  { mode: 'control', icon: ScreenIcon },
  { mode: 'present', icon: PresentIcon },
] as const satisfies readonly { mode: LaunchMode; icon: unknown }[];

interface ReachProps {
  can: ReadonlySet<PersonAction>;
  off: ReadonlyMap<PersonAction, string>;
  busy: string | undefined;
  onLaunch: (mode: LaunchMode) => void;
  onReason: (reason: string) => void;
}

export function Reach({ can, off, busy, onLaunch, onReason }: ReachProps) {
  const words = useWords();
  return ways
    .filter(({ mode }) => can.has(mode) || off.has(mode))
    .map(({ mode, icon }) => (
      <IconAction key={mode} icon={icon} label={words.say(`mode.${mode}`)} reason={off.get(mode)} busy={busy === mode} onPress={() => onLaunch(mode)} onReason={onReason} />
    ));
}
