import { showPage } from '../ui/page';
import { AutomationPage } from './automation';

void showPage('automation.title', <AutomationPage />);
