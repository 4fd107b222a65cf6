// Every call below /api/v1/accounts/{account_id}. More specific paths stand first.
import { conversationRoutes } from './conversation-routes.ts';
import { messageRoutes } from './message-routes.ts';
import type { Route } from './route.ts';

export const accountRoutes: Route[] = [...messageRoutes, ...conversationRoutes];
