import { showPage } from '../ui/page';
import { AdminPage } from './admin';

void showPage('admin.title', <AdminPage />);
