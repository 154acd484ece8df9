import { showPage } from '../ui/page';
import { ProjectPage } from './project';

void showPage('project.title', <ProjectPage />);
