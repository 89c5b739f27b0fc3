-- Each line of the audit log carries the hash of itself and of the hash of the line before it, in the
-- form that docs/audit-log.md writes down. The lines written so far are chained as they are.
ALTER TABLE audit ADD COLUMN hash TEXT;
DO $chain$
DECLARE
    line RECORD;
    before TEXT := repeat('0', 64);
    whose BIGINT;
BEGIN
    FOR line IN SELECT * FROM audit ORDER BY workspace, seq LOOP
        IF whose IS DISTINCT FROM line.workspace THEN
            before := repeat('0', 64);
            whose := line.workspace;
        END IF;
        before := encode(sha256(
            convert_to('gemba.audit.1' || before, 'UTF8')
            || int8send(line.seq) || int8send(line.at)
            || int8send(octet_length(convert_to(line.actor, 'UTF8'))::bigint)
            || convert_to(line.actor, 'UTF8')
            || int8send(octet_length(convert_to(line.action, 'UTF8'))::bigint)
            || convert_to(line.action, 'UTF8')
            || int8send(octet_length(convert_to(line.subject, 'UTF8'))::bigint)
            || convert_to(line.subject, 'UTF8')
            || int8send(octet_length(convert_to(line.detail, 'UTF8'))::bigint)
            || convert_to(line.detail, 'UTF8')
        ), 'hex');
        UPDATE audit SET hash = before WHERE workspace = line.workspace AND seq = line.seq;
    END LOOP;
END
$chain$;
ALTER TABLE audit ALTER COLUMN hash SET NOT NULL;

-- The log and the history of runs are only added to: nothing changes a line or takes one out.
CREATE FUNCTION only_added_to() RETURNS trigger LANGUAGE plpgsql AS $refuse$
BEGIN
    RAISE EXCEPTION 'the table % is only added to', TG_TABLE_NAME;
END
$refuse$;
CREATE TRIGGER audit_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION only_added_to();
CREATE TRIGGER event_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION only_added_to();
