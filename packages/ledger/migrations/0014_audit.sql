-- What is only added to cannot be emptied either: a row's trigger does not see TRUNCATE.
CREATE TRIGGER events_are_never_emptied BEFORE TRUNCATE ON events FOR EACH STATEMENT
  EXECUTE FUNCTION refuse_change('events are only added');
