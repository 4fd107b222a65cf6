// Every REST call on conversations, with who may make it. `/conversations/meta` and `/filter` stand beside one conversation's own.
import * as shapes from '../checks/request-shapes.ts';
import { findConversation } from '../find-records.ts';
import { ok, type Route } from '../route.ts';
import { conversationView } from '../views/conversation-view.ts';
import { createByRest } from './conversation-create.ts';
import {
  addParticipants,
  deleteConversation,
  listAttachments,
  listParticipants,
  markSeen,
  sendTranscript,
  setMuted,
} from './conversation-extras.ts';
import { replaceAttributes, replaceLabels, togglePriority, updateConversation } from './conversation-fields.ts';
import { conversationCounts, filterConversationList, listConversations } from './conversation-list.ts';
import { assignConversation } from './conversation-owner.ts';
import { toggleStatus, toggleTyping } from './conversation-status.ts';

const ONE = '/conversations/:cid';
const LIST_QUERY = [
  'status',
  'assignee_type',
  'conversation_type',
  'inbox_id',
  'team_id',
  'labels',
  'q',
  'source_id',
  'sort_by',
  'page',
  'updated_within',
];

export const conversationRoutes: Route[] = [
  {
    endpoint: 'conversations.show',
    method: 'GET',
    path: ONE,
    bot: 'botTokenMayRead',
    run: (call) => ok(conversationView(call, findConversation(call))),
  },
  {
    endpoint: 'conversations.update',
    method: 'PATCH',
    path: ONE,
    bot: true,
    body: shapes.conversationUpdate,
    run: updateConversation,
  },
  {
    endpoint: 'conversations.toggle_status',
    method: 'POST',
    path: `${ONE}/toggle_status`,
    bot: true,
    body: shapes.toggleStatus,
    run: toggleStatus,
  },
  {
    endpoint: 'conversations.toggle_typing_status',
    method: 'POST',
    path: `${ONE}/toggle_typing_status`,
    bot: 'botTokenMayType',
    body: shapes.toggleTyping,
    run: toggleTyping,
  },
  {
    endpoint: 'conversations.toggle_priority',
    method: 'POST',
    path: `${ONE}/toggle_priority`,
    bot: true,
    body: shapes.togglePriority,
    run: togglePriority,
  },
  {
    endpoint: 'conversations.custom_attributes',
    method: 'POST',
    path: `${ONE}/custom_attributes`,
    bot: true,
    body: shapes.customAttributes,
    run: replaceAttributes,
  },
  {
    endpoint: 'conversations.labels',
    method: 'GET',
    path: `${ONE}/labels`,
    bot: 'botTokenMayRead',
    run: (call) => ok({ payload: findConversation(call).labels }),
  },
  {
    endpoint: 'conversations.set_labels',
    method: 'POST',
    path: `${ONE}/labels`,
    bot: 'botTokenMayRead',
    body: shapes.labels,
    run: replaceLabels,
  },
  {
    endpoint: 'conversations.assignments',
    method: 'POST',
    path: `${ONE}/assignments`,
    bot: true,
    body: shapes.assignment,
    run: assignConversation,
  },
  { endpoint: 'conversations.list', method: 'GET', path: '/conversations', query: LIST_QUERY, run: listConversations },
  {
    endpoint: 'conversations.meta',
    method: 'GET',
    path: '/conversations/meta',
    query: LIST_QUERY,
    run: conversationCounts,
  },
  {
    endpoint: 'conversations.filter',
    method: 'POST',
    path: '/conversations/filter',
    query: ['page'],
    body: shapes.filter,
    run: filterConversationList,
  },
  {
    endpoint: 'conversations.create',
    method: 'POST',
    path: '/conversations',
    bot: true,
    body: shapes.conversationCreate,
    run: createByRest,
  },
  {
    endpoint: 'conversations.mute',
    method: 'POST',
    path: `${ONE}/mute`,
    body: shapes.noBody,
    run: (call) => setMuted(call, true),
  },
  {
    endpoint: 'conversations.unmute',
    method: 'POST',
    path: `${ONE}/unmute`,
    body: shapes.noBody,
    run: (call) => setMuted(call, false),
  },
  {
    endpoint: 'conversations.transcript',
    method: 'POST',
    path: `${ONE}/transcript`,
    body: shapes.transcript,
    run: sendTranscript,
  },
  {
    endpoint: 'conversations.update_last_seen',
    method: 'POST',
    path: `${ONE}/update_last_seen`,
    body: shapes.noBody,
    run: markSeen,
  },
  {
    endpoint: 'conversations.attachments',
    method: 'GET',
    path: `${ONE}/attachments`,
    query: ['page'],
    run: listAttachments,
  },
  { endpoint: 'conversations.participants', method: 'GET', path: `${ONE}/participants`, run: listParticipants },
  {
    endpoint: 'conversations.add_participants',
    method: 'POST',
    path: `${ONE}/participants`,
    body: shapes.participants,
    run: addParticipants,
  },
  { endpoint: 'conversations.delete', method: 'DELETE', path: ONE, admin: true, run: deleteConversation },
];
