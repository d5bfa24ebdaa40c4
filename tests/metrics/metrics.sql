-- The service metrics of every month, from the same definitions, in plain SQL.
--
-- Input tables: event, one row per event; opening(start, end, before), the opening hours with the
-- open time before each; parameter(span, measured), the open time after which an answer of a party
-- is due if no deadline was recorded. Instants and durations are microseconds.

create view handled as
select *, count(sets_handler) over (partition by ticket order by seq) as stretch
from (
  select *,
    case name when 'opened' then default_handler when 'escalated' then called when 'handed-back' then
      first_value(default_handler) over (partition by ticket order by seq) end as sets_handler
  from event
);

create view waiting as
select *,
  case
    when name = 'opened' then opening_waiting_for
    when name in ('escalated', 'handed-back') then handler
    when name = 'info-requested' then 'customer'
    when name = 'reopened' then iif(by = handler, 'customer', handler)
    when name = 'closed' then 'nobody'
    when name in ('replied', 'type-changed') and not interim and by = 'customer' then handler
    when name in ('replied', 'type-changed') and not interim and by = handler then 'customer'
  end as sets_waiting_for
from (
  select *, first_value(sets_handler) over (partition by ticket, stretch order by seq) as handler
  from handled
);

create table state as
select *, lag(waiting_for) over (partition by ticket order by seq) as waiting_for_before
from (
  select *, first_value(sets_waiting_for) over (partition by ticket, waiting_stretch order by seq) as waiting_for
  from (select *, count(sets_waiting_for) over (partition by ticket order by seq) as waiting_stretch from waiting)
);
create index state_place on state(ticket, seq);

create view owed as
select begun.ticket, begun.seq, begun.waiting_for as party, begun.at as since,
  (
    select min(seq) from state
    where ticket = begun.ticket and seq > begun.seq and waiting_for <> begun.waiting_for
  ) as end_seq
from state as begun
where waiting_for not in ('customer', 'nobody') and waiting_for is not waiting_for_before;

create view ended_answer as
select owed.*, ended.at as ended_at,
  case
    when ended.seq is null then 'pending'
    when ended.name = 'closed' then iif(ended.by = party, 'answered', 'dropped')
    when ended.waiting_for = 'customer' then 'answered'
    else 'passed-on'
  end as outcome,
  coalesce(ended.at, (select max(at) from event where event.ticket = owed.ticket)) as seen_at,
  exists (
    select 1 from event
    where event.ticket = owed.ticket and name = 'breached' and event.seq > owed.seq
      and event.seq < coalesce(end_seq, 1e9)
  ) as was_breached,
  (
    select recorded_due from event
    where event.ticket = owed.ticket and name = 'scheduled' and event.seq > owed.seq
      and event.seq < coalesce(end_seq, 1e9)
    order by event.seq desc limit 1
  ) as recorded_due,
  (
    select before + min(owed.since, "end") - start from opening
    where start <= owed.since order by start desc limit 1
  ) + (select span from parameter where measured = party) as due_at
from owed left join state as ended on ended.ticket = owed.ticket and ended.seq = owed.end_seq;

create table answer as
select *,
  coalesce(
    recorded_due,
    (
      select start + due_at - before from opening
      where before + "end" - start >= due_at order by start limit 1
    )
  ) as due,
  sum(begins) over (partition by ticket order by seq) as wait
from (
  select *, lag(outcome, 1, '') over (partition by ticket order by seq) <> 'passed-on' as begins
  from ended_answer
);

create table answered as
select *,
  wait = 1 and count(in_time) over (
    partition by ticket order by seq rows between unbounded preceding and 1 preceding
  ) = 0 as is_first
from (
  select *,
    case
      when was_breached then 0
      when due is null then null
      when seen_at > due then 0
      when outcome = 'answered' then 1
    end as in_time,
    first_value(since) over (partition by ticket, wait order by seq) as waiting_since
  from answer
);

create view waited as
select month(since) as month, 'waiting' as what, ended_at - waiting_since as time
from answered where outcome = 'answered'
union all
select month(since), 'waiting_working',
  (
    select before + min(ended_at, "end") - start from opening
    where start <= ended_at order by start desc limit 1
  ) - (
    select before + min(waiting_since, "end") - start from opening
    where start <= waiting_since order by start desc limit 1
  )
from answered where outcome = 'answered' and due is not null
union all
select month(opened.at), 'solution',
  (
    select iif(word.name = 'replied' and word.solution, word.at, shut.at)
    from (
      select name, solution, at from event
      where event.ticket = opened.ticket
        and (
          name in ('opened', 'type-changed', 'escalated', 'reopened')
          or (name = 'replied' and not interim)
        )
      order by seq desc limit 1
    ) as word,
    (
      select min(at) as at from event
      where event.ticket = opened.ticket and name = 'closed'
        and seq > coalesce(
          (
            select max(seq) from event
            where event.ticket = opened.ticket and name = 'reopened'
          ), 0
        )
    ) as shut
  ) - opened.at
from event as opened
where name = 'opened'
  and (
    select waiting_for from state where state.ticket = opened.ticket order by seq desc limit 1
  ) = 'nobody';

create view ranked as
select *, row_number() over same as place, count(*) over (partition by month, what) as count
from waited
window same as (partition by month, what order by time);
