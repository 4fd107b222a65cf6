-- A copy must not speak to customers: switch every connection off and forget the tokens that would let it.
UPDATE integrator_bridge
   SET state = 'off';

UPDATE integrator_tenant
   SET token_sealed = NULL,
       paired_uuid = NULL;

-- What waits in the outbox belongs to the original.
DELETE FROM integrator_outbox
      WHERE state IN ('pending', 'sending');

-- The bridge's keys to this Odoo are the original's; the copy needs none.
DELETE FROM res_users_apikeys
      WHERE user_id IN (SELECT technical_user_id FROM integrator_tenant WHERE technical_user_id IS NOT NULL);
