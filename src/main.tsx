import './config/strictPage';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connect } from './store/connection';
import { reportFailure, unexpectedFailure } from './store/failureStore';
import { followRun } from './store/pageLife';
import { followRecipe } from './store/planning';
import { followRecipeLinks } from './store/recipeLinkStore';
import { followAddress } from './store/viewStore';
import { App } from './ui/App';

followAddress();
followRecipeLinks();
followRun();
followRecipe();
addEventListener('unhandledrejection', ({ reason }) => reportFailure(unexpectedFailure(reason)));
connect().catch((error: unknown) => reportFailure(unexpectedFailure(error)));

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
