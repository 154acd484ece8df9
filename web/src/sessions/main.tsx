import { showPage } from '../ui/page';
import { SessionsPage } from './sessions';

void showPage('mine.title', <SessionsPage />);
