import { api } from '../api/client';
import { showPage } from '../ui/page';
import { PanelPage } from './panel';

// Asked before anything is drawn: the first state costs one round trip to the server, and the words load meanwhile.
const first = api.getPanel();

void showPage('panel.title', <PanelPage first={first} />);
