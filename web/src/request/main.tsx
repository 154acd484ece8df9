import { showPage } from '../ui/page';
import { RequestPage } from './request';

void showPage('request.title', <RequestPage />);
