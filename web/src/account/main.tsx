import { showPage } from '../ui/page';
import { AccountPage } from './account';

void showPage('account.title', <AccountPage />);
