import './strictPage';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './page/App';
import { connect } from './page/connection/connection';
import { reportFailure, unexpectedFailure } from './page/connection/failureStore';
import { followRun } from './page/run/pageLife';
import { followRecipe } from './page/setup/planning';
import { followRecipeLinks } from './page/setup/recipe/recipeLinkStore';
import { followAddress } from './page/shell/viewStore';

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
