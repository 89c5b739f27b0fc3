//! A small process and a way to drive it by words.

use gemba_engine::{
    ActedFor, Acting, By, Command, Completion, Event, Given, Now, Origin, Plan, Rejection, Run,
    Start, Which, command::Asker, decide, start,
};
use gemba_model::{
    Decision, Evidence, EvidenceKind, Owner, OwnerState, Priority, Process, Slug, Step, StepId,
    Target,
    id::{AccountId, SeatId, WorkItemId},
    process::{SeatSource, StepSeat},
    review::Review,
};
use gemba_schedule::WorkCalendar;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

pub(crate) fn id(text: &str) -> StepId {
    StepId::from_text(text, "step")
}

pub(crate) fn step(name: &str, seat: &str) -> Step {
    Step {
        id_stated: true,
        seat: Some(StepSeat::new(seat, SeatSource::Label, None)),
        ..Step::new(id(name), name)
    }
}

pub(crate) fn branch(condition: &str, target: Target) -> Decision {
    Decision {
        id: condition.replace(' ', "-"),
        condition: condition.to_owned(),
        action: String::new(),
        target,
        outcome: None,
        span: None,
    }
}

pub(crate) fn process(steps: Vec<Step>) -> Process {
    Process {
        slug: Slug::from_text("test", "test"),
        title: "Test".to_owned(),
        function: None,
        owner: Owner {
            state: OwnerState::Stated,
            seat: Some("Owner".to_owned()),
            ..Owner::missing()
        },
        triggers: Vec::new(),
        purpose: String::new(),
        steps,
        expected_output: Vec::new(),
        failure_signals: Vec::new(),
        review: Review::of(None, []),
        raci: Vec::new(),
        cleanup: Vec::new(),
        sections: Vec::new(),
    }
}

/// collect (A) -> check (B: missing -> back to collect; otherwise on) -> send (A, link wanted).
pub(crate) fn invoicing() -> Process {
    let collect = step("collect", "A");
    let mut check = step("check", "B");
    check.decisions = vec![branch("hours missing", Target::Loop(id("collect")))];
    let mut send = step("send", "A");
    send.evidence = vec![Evidence { kind: EvidenceKind::Link, text: "the invoice".to_owned() }];
    process(vec![collect, check, send])
}

pub(crate) fn seat(name: &str) -> SeatId {
    SeatId::new(1, u128::from(name.bytes().next().unwrap_or(0)))
}

pub(crate) fn plan(process: &Process) -> Plan {
    let bindings: BTreeMap<String, SeatId> =
        process.seat_names().iter().map(|n| (n.to_lowercase(), seat(&n.to_lowercase()))).collect();
    Plan::of(process, &bindings).expect("all seats are bound")
}

pub(crate) fn account(name: &str) -> AccountId {
    AccountId::new(1, u128::from(name.bytes().next().unwrap_or(0)))
}

/// "A" holds seat A; "D for B" holds seat D and acts for B, who is away.
pub(crate) fn asker(name: &str) -> Asker {
    let (name, away) = match name.split_once(" for ") {
        Some((name, away)) => (name, Some(away)),
        None => (name, None),
    };
    let acting = away.map(|away| Acting {
        seat: seat(&away.to_lowercase()),
        away: ActedFor { account: account(away), name: away.to_owned() },
    });
    Asker {
        by: By::Person { account: account(name), name: name.to_owned(), acting_for: None },
        seats: vec![seat(&name.to_lowercase())],
        acting: acting.into_iter().collect(),
        any_seat: name == "Manager",
    }
}

/// Monday to Friday until 17:00 in UTC; the runs of these tests begin on a Thursday at 00:01.
pub(crate) fn calendar() -> WorkCalendar {
    WorkCalendar::usual(jiff::tz::TimeZone::UTC)
}

pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) run: Run,
    pub(crate) history: Vec<Event>,
    now: i64,
}

impl World {
    pub(crate) fn new(process: &Process) -> Self {
        let plan = plan(process);
        let mut world = Self { plan, run: Run::default(), history: Vec::new(), now: 0 };
        let begin = Start {
            by: asker("Owner").by,
            origin: Origin::Request,
            title: "T".to_owned(),
            inputs: Vec::new(),
            priority: Priority::Normal,
        };
        let (at, mut fresh) = world.tick();
        let now = Now { at, calendar: &calendar() };
        let events = start(&world.plan, begin, now, &mut fresh).expect("it starts");
        world.take(events);
        world
    }

    fn tick(&mut self) -> (Timestamp, impl FnMut() -> WorkItemId + use<>) {
        self.now += 60;
        let millis = u64::try_from(self.now).expect("positive") * 1000;
        let mut n = 0;
        let fresh = move || {
            n += 1;
            WorkItemId::new(millis, n)
        };
        (Timestamp::from_second(self.now).expect("in range"), fresh)
    }

    fn take(&mut self, events: Vec<Event>) {
        for event in events {
            self.run = std::mem::take(&mut self.run).apply(&event);
            self.history.push(event);
        }
    }

    /// The moment of the next command.
    pub(crate) fn moment(&self) -> Timestamp {
        Timestamp::from_second(self.now + 60).expect("in range")
    }

    /// Lets time go by, in seconds.
    pub(crate) fn later(&mut self, seconds: i64) {
        self.now += seconds;
    }

    pub(crate) fn send(&mut self, who: &str, command: Command) -> Result<(), Rejection> {
        let (at, mut fresh) = self.tick();
        let now = Now { at, calendar: &calendar() };
        let events = decide(&self.plan, &self.run, &asker(who), command, now, &mut fresh)?;
        self.take(events);
        Ok(())
    }
}

/// "A: done check branch=otherwise because=fine link=https://x", "B: claim check", "A: cancel why".
pub(crate) fn say(world: &mut World, line: &str) -> String {
    let (who, rest) = line.split_once(": ").expect("who: what");
    let mut words = rest.split(' ');
    let verb = words.next().unwrap_or_default();
    let subject = words.next().unwrap_or_default();
    let which = Which::Step(id(subject));
    let mut with = Completion::default();
    let (mut lease, mut to, mut person) = (None, seat("owner"), String::new());
    for word in words {
        let (key, value) = word.split_once('=').expect("key=value");
        let value = value.replace('_', " ");
        match key {
            "branch" => with.branch = Some(value),
            "because" => with.reason = Some(value),
            "link" => with.evidence.push(Given { kind: EvidenceKind::Link, value, name: None }),
            "token" => with.token = Some(value.parse().expect("a number")),
            "for" => lease = Some(SignedDuration::from_secs(value.parse().expect("seconds"))),
            "to" => {
                to = seat(&value.to_lowercase());
                person = value;
            }
            "number" => {
                let (name, value) = value.split_once(':').expect("name:number");
                let (value, name) = (value.to_owned(), Some(name.to_owned()));
                with.evidence.push(Given { kind: EvidenceKind::Number, value, name });
            }
            "date" => {
                let (name, value) = value.split_once(':').expect("name:date");
                let (value, name) = (value.to_owned(), Some(name.to_owned()));
                with.evidence.push(Given { kind: EvidenceKind::Date, value, name });
            }
            "text" => with.evidence.push(Given { kind: EvidenceKind::Text, value, name: None }),
            other => panic!("unknown word {other}"),
        }
    }
    let command = match verb {
        "claim" => Command::Claim { which, lease },
        "skip" => {
            Command::Skip { which, branch: with.branch, reason: with.reason.unwrap_or_default() }
        }
        "hand" => Command::Reassign { which, to, reason: with.reason.unwrap_or_default() },
        "release" => Command::Release { which },
        "give" => Command::Delegate {
            which,
            to: account(&person),
            name: person,
            until: lease.map(|lease| world.moment() + lease),
            note: with.reason,
        },
        "back" => Command::TakeBack { which },
        "later" => Command::Defer { which, until: lease.map(|lease| world.moment() + lease) },
        "priority" => {
            let priority = Priority::of_word(subject).expect("a word of a priority");
            Command::Prioritise { priority }
        }
        "up" => {
            let item = world.run.open.iter().find(|open| open.step == id(subject));
            let item = item.map(|open| open.item).expect("an open step");
            Command::Escalate { item, to: Some(to).filter(|_| !person.is_empty()) }
        }
        "done" => Command::Complete { which, with },
        "wake" => {
            world.later(subject.parse().expect("seconds"));
            Command::Wake
        }
        "allow" => Command::AllowRound { reason: subject.to_owned() },
        "cancel" => Command::Cancel { reason: subject.to_owned() },
        other => panic!("unknown verb {other}"),
    };
    if let Err(rejection) = world.send(who, command) {
        return rejection.code().to_owned();
    }
    let open: Vec<String> =
        world.run.open.iter().map(|o| format!("{}/{}", o.step, o.visit)).collect();
    format!("{} [{}]", world.run.status.word(), open.join(" "))
}
