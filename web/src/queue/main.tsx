import { showPage } from '../ui/page';
import { QueuePage } from './queue';

void showPage('queue.title', <QueuePage />);
