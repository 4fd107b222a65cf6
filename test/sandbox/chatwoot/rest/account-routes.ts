// Every call below /api/v1/accounts/{account_id}. More specific paths stand first.
import { agentBotRoutes } from './agent-bot-routes.ts';
import { contactRoutes } from './contacts/contact-routes.ts';
import { conversationRoutes } from './conversations/conversation-routes.ts';
import { directoryRoutes } from './directory-routes.ts';
import { inboxRoutes } from './inbox-routes.ts';
import { messageRoutes } from './message-routes.ts';
import type { Route } from './route.ts';
import { webhookRoutes } from './webhook-routes.ts';

export const accountRoutes: Route[] = [
  ...messageRoutes,
  ...conversationRoutes,
  ...contactRoutes,
  ...inboxRoutes,
  ...directoryRoutes,
  ...agentBotRoutes,
  ...webhookRoutes,
];
