//! The world of a simulation: two nodes on one store, the requests on their way, the time, the faults.

use crate::{
    company::Company,
    dice::Dice,
    faults::{FaultyStore, Weather},
    laws::Laws,
    now::at_once,
    outside::{self, Ways},
    written::{OWNER, Written},
};
use gemba_app::{
    App, Error, Who, inlets,
    processes::{self, File},
    publishing::{self, Publication},
    triggers,
};
use gemba_model::{Misfire, Overlap, Policy, id::TriggerId};
use gemba_store::{Store, memory::MemoryStore, watch};
use gemba_testkit::{FakeClock, Postbox, SeededChance};
use jiff::{SignedDuration, Timestamp};
use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

/// What came back from a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Done,
    /// Refused, with its code.
    Refused(&'static str),
    /// Nobody knows.
    Failed,
    /// What can never come back.
    Broken(String),
}

impl Answer {
    pub(crate) fn of<T>(result: Result<T, Error>) -> Self {
        match result {
            Ok(_) => Self::Done,
            Err(Error::Store(gemba_store::Error::Driver { .. })) => Self::Failed,
            Err(Error::Store(other)) => Self::Broken(format!("{other:?}")),
            Err(refusal) => Self::Refused(refusal.code()),
        }
    }
}

pub(crate) type Work = Pin<Box<dyn Future<Output = Answer>>>;

/// Makes the work of a request for a node; it may be asked for more than once.
pub(crate) type Request = Arc<dyn Fn(App) -> Work>;

/// A request that a node works on.
struct Task {
    node: usize,
    name: String,
    mark: Option<String>,
    request: Request,
    work: Work,
}

struct Node {
    app: App,
    clock: Arc<FakeClock>,
    /// How far its clock is from the time.
    skew: SignedDuration,
}

/// How often what goes wrong, in thousands.
#[derive(Debug, Clone, Copy)]
struct Storm {
    /// Of calls of the store.
    fails: usize,
    /// Of polls of a task: its node crashes.
    crashes: usize,
    /// Of requests and answers.
    lost: usize,
    doubled: usize,
}

/// What a process can be started by, besides by hand.
#[derive(Debug, Clone)]
pub(crate) struct Running {
    pub(crate) slug: String,
    title: String,
    trigger: &'static str,
    pub(crate) schedule: Option<TriggerId>,
    pub(crate) inlet: Option<(TriggerId, String)>,
    pub(crate) ways: Ways,
}

pub(crate) struct World {
    pub(crate) dice: Dice,
    pub(crate) company: Company,
    pub(crate) processes: Vec<Running>,
    pub(crate) laws: Laws,
    pub(crate) trace: Vec<String>,
    pub(crate) n_crashes: u64,
    pub(crate) n_faults: u64,
    pub(crate) now: Timestamp,
    /// Where news is carried to.
    pub(crate) postbox: Arc<Postbox>,
    store: Arc<dyn Store>,
    changes: watch::Receiver<u64>,
    looked: u64,
    weather: Arc<Weather>,
    nodes: Vec<Node>,
    tasks: Vec<Task>,
    storm: Storm,
    n_marks: u32,
}

const NODES: usize = 2;
/// How many lines of what happened are kept.
const TRACE: usize = 400;

impl World {
    /// A company with one or two random processes in force.
    pub(crate) fn new(seed: u64) -> Result<Self, String> {
        let mut dice = Dice::new(seed);
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let now = "2026-01-05T08:00:00Z".parse::<Timestamp>().map_err(|e| e.to_string())?;
        let clock = FakeClock::at(now);
        let postbox = Arc::new(Postbox::default());
        let app = App::new(Arc::clone(&store), clock, SeededChance::new(dice.next()));
        let app = app.with_courier(Arc::<Postbox>::clone(&postbox));
        let company = Company::new(&app)?;
        let storm = match dice.below(4) {
            0 => Storm { fails: 0, crashes: 0, lost: 0, doubled: 200 },
            1 => Storm { fails: 4, crashes: 0, lost: 100, doubled: 100 },
            2 => Storm { fails: 0, crashes: 4, lost: 50, doubled: 100 },
            _ => Storm { fails: 3, crashes: 3, lost: 150, doubled: 150 },
        };
        let changes = store.changes();
        let mut world = Self {
            company,
            processes: Vec::new(),
            laws: Laws::default(),
            trace: Vec::new(),
            n_crashes: 0,
            n_faults: 0,
            now,
            postbox,
            changes,
            looked: 0,
            weather: Arc::new(Weather::default()),
            nodes: Vec::new(),
            tasks: Vec::new(),
            storm,
            n_marks: 0,
            store,
            dice,
        };
        if world.dice.permille(500) {
            at_once(outside::listen(&app))?.map_err(|e| format!("nobody listens: {e:?}"))?;
            world.laws.outside.tells = true;
        }
        for n in 0..=world.dice.below(2) {
            let process = world.publish(&app, n)?;
            world.processes.push(process);
        }
        for node in 0..NODES {
            let made = world.node();
            world.nodes.push(made);
            world.say(&format!("node {node} is up"));
        }
        world.set_clocks();
        Ok(world)
    }

    fn publish(&mut self, app: &App, n: usize) -> Result<Running, String> {
        let title = format!("Process {}", n + 1);
        let rules = ["on request", "every day at 09:00", "every Monday at 10:00"];
        let trigger = self.dice.pick(&rules).copied().unwrap_or("on request");
        let text = self.write(&title, trigger);
        let overlap = self.dice.pick(&Overlap::ALL).copied().unwrap_or_default();
        let misfires =
            [Misfire::All { most: None }, Misfire::OnceLate, Misfire::Skip, Misfire::Ask];
        let misfire = self.dice.pick(&misfires).copied().unwrap_or_default();
        let wants_inlet = self.dice.permille(500);
        let wants_ways = self.dice.permille(500);
        let (made, of_ways) = at_once(async {
            let operator = Who::operator();
            let file = File { name: "sop.md".to_owned(), bytes: text.clone().into_bytes() };
            let done = processes::import(app, &operator, vec![file]).await?;
            let slug = done.first().and_then(|file| file.slugs.first()).cloned();
            let slug = slug.unwrap_or_default();
            publishing::publish(app, &operator, &slug, Publication::default()).await?;
            let view = processes::get(app, &operator, &slug).await?;
            let schedule = view.triggers.first().map(|view| view.trigger.id);
            if let Some(id) = schedule {
                triggers::set_policy(app, &operator, id, Policy { misfire, overlap }).await?;
            }
            let mut inlet = None;
            if wants_inlet {
                let source = inlets::SourceInput::Event {
                    types: Vec::new(),
                    mapping: gemba_app::records::Mapping::default(),
                    secret: None,
                };
                let input = inlets::InletInput { name: "Shop".to_owned(), overlap, source };
                let made = inlets::create(app, &operator, &slug, input).await?;
                inlet = made.secret.map(|secret| (made.id, secret));
            }
            let (ways, of_ways) = if wants_ways {
                Ways::made(app, &slug, overlap).await?
            } else {
                Default::default()
            };
            let title = title.clone();
            Ok::<_, Error>((Running { slug, title, trigger, schedule, inlet, ways }, of_ways))
        })?
        .map_err(|error| format!("nothing to run: {error:?}\n{text}"))?;
        let ids = made.schedule.into_iter().chain(made.inlet.as_ref().map(|(id, _)| *id));
        let ids = ids.chain(of_ways);
        self.laws.outside.thresholds.extend(made.ways.threshold);
        self.laws.overlaps.extend(ids.map(|id| (id, overlap)));
        Ok(made)
    }

    /// Another text for a process.
    fn write(&mut self, title: &str, trigger: &str) -> String {
        let written = Written::random(&mut self.dice, title, trigger);
        let text = written.text.clone();
        self.laws.written.insert(text.clone(), Arc::new(written));
        text
    }

    /// The next text of a process that is in force already.
    pub(crate) fn rewrite(&mut self, process: &Running) -> String {
        self.write(&process.title, process.trigger)
    }

    fn node(&mut self) -> Node {
        let store = FaultyStore::new(Arc::clone(&self.store), Arc::clone(&self.weather));
        let clock = FakeClock::at(self.now);
        let chance = SeededChance::new(self.dice.next());
        let app = App::new(Arc::new(store), Arc::<FakeClock>::clone(&clock), chance);
        let app = app.with_courier(Arc::<Postbox>::clone(&self.postbox));
        let skew = SignedDuration::from_millis(self.dice.between(-2000, 2000));
        Node { app, clock, skew }
    }

    pub(crate) fn say(&mut self, line: &str) {
        if self.trace.len() >= TRACE {
            self.trace.drain(..TRACE / 4);
        }
        let line = format!("{} {line}", self.now);
        self.trace.push(line);
    }

    fn set_clocks(&self) {
        for node in &self.nodes {
            node.clock.set(self.now + node.skew);
        }
    }

    /// Lets time go by.
    pub(crate) fn pass(&mut self, time: SignedDuration) {
        self.now += time;
        self.set_clocks();
    }

    /// The clock of one node jumps, ahead or back.
    pub(crate) fn jump(&mut self) {
        let skew = SignedDuration::from_secs(self.dice.between(-5_400, 5_400));
        let at = self.dice.below(self.nodes.len());
        if let Some(node) = self.nodes.get_mut(at) {
            node.skew = skew;
        }
        self.say(&format!("the clock of node {at} jumps: {skew}"));
        self.set_clocks();
    }

    /// A mark that nothing else has.
    pub(crate) fn mark(&mut self, what: &str) -> String {
        self.n_marks += 1;
        format!("{what} {}", self.n_marks)
    }

    /// Sends a request: once, or not at all, or twice.
    pub(crate) fn send(&mut self, name: &str, mark: Option<(&str, bool)>, request: &Request) {
        if let Some((mark, once)) = mark {
            self.laws.asked.entry(mark.to_owned()).or_default().once = once;
        }
        if self.dice.permille(self.storm.lost) {
            self.say(&format!("lost on its way: {name}"));
            return;
        }
        let times = if self.dice.permille(self.storm.doubled) { 2 } else { 1 };
        for _ in 0..times {
            self.deliver(name, mark.map(|(mark, _)| mark.to_owned()), request);
        }
    }

    fn deliver(&mut self, name: &str, mark: Option<String>, request: &Request) {
        let at = self.dice.below(self.nodes.len());
        let Some(node) = self.nodes.get(at) else { return };
        let (work, request) = (request(node.app.clone()), Arc::clone(request));
        if let Some(asked) = mark.as_ref().and_then(|mark| self.laws.asked.get_mut(mark)) {
            asked.sent += 1;
        }
        self.tasks.push(Task { node: at, name: name.to_owned(), mark, request, work });
        self.say(&format!("to node {at}: {name}"));
    }

    pub(crate) fn n_tasks(&self) -> usize {
        self.tasks.len()
    }

    /// Lets one task go on to its next call of the store, in whatever weather there is.
    pub(crate) fn go_on(&mut self) -> Result<(), String> {
        let at = self.dice.below(self.tasks.len());
        let fails = self.dice.permille(self.storm.fails);
        let crashes = self.dice.permille(self.storm.crashes);
        let Some(task) = self.tasks.get_mut(at) else { return Ok(()) };
        if crashes {
            let node = task.node;
            self.crash(node);
            return self.look();
        }
        self.weather.set(fails);
        let polled = task.work.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        self.weather.set(false);
        if fails {
            self.n_faults += 1;
            let line = format!("node {} loses the store: {}", task.node, task.name);
            self.say(&line);
        }
        if let Poll::Ready(answer) = polled {
            let task = self.tasks.swap_remove(at);
            self.answered(&task, answer)?;
        }
        self.look()
    }

    /// What came back, if it does come back.
    fn answered(&mut self, task: &Task, answer: Answer) -> Result<(), String> {
        self.say(&format!("node {}: {} -> {answer:?}", task.node, task.name));
        let is_lost = task.mark.is_some() && self.dice.permille(self.storm.lost);
        let mut again = is_lost;
        if let Some(asked) = task.mark.as_ref().and_then(|mark| self.laws.asked.get_mut(mark)) {
            match &answer {
                Answer::Done if !is_lost => asked.acknowledged += 1,
                Answer::Refused(_) => asked.refused += 1,
                Answer::Done => {}
                Answer::Failed => again = true,
                Answer::Broken(_) => again = false,
            }
        }
        if let Answer::Broken(why) = answer {
            return Err(format!("{} came upon what cannot be: {why}", task.name));
        }
        if again && self.dice.permille(600) {
            self.say(&format!("no answer, once more: {}", task.name));
            self.deliver(&task.name, task.mark.clone(), &task.request);
        }
        Ok(())
    }

    /// A node is killed: whatever it worked on ends where it is, and it begins anew.
    fn crash(&mut self, at: usize) {
        self.n_crashes += 1;
        let (dead, alive): (Vec<Task>, Vec<Task>) =
            std::mem::take(&mut self.tasks).into_iter().partition(|task| task.node == at);
        self.tasks = alive;
        let names: Vec<&str> = dead.iter().map(|task| task.name.as_str()).collect();
        let line = format!("node {at} crashes in {}", names.join("; "));
        drop(dead);
        self.say(&line);
        let made = self.node();
        if let Some(node) = self.nodes.get_mut(at) {
            *node = made;
        }
        self.set_clocks();
    }

    /// Holds the store against the laws where it has changed.
    fn look(&mut self) -> Result<(), String> {
        let changes = *self.changes.borrow();
        if changes == self.looked {
            return Ok(());
        }
        self.looked = changes;
        self.laws.outside.came(&self.postbox);
        self.laws.look(&*self.store, &self.company)
    }

    /// Finishes what is on its way, without faults.
    pub(crate) fn calm(&mut self) -> Result<(), String> {
        self.storm = Storm { fails: 0, crashes: 0, lost: 0, doubled: 0 };
        for node in &mut self.nodes {
            node.skew = SignedDuration::ZERO;
        }
        self.set_clocks();
        for _ in 0..200_000 {
            if self.tasks.is_empty() {
                return Ok(());
            }
            self.go_on()?;
        }
        let names: Vec<&str> = self.tasks.iter().map(|task| task.name.as_str()).collect();
        Err(format!("these never end: {}", names.join("; ")))
    }

    /// What must hold in the end.
    pub(crate) fn at_last(&mut self) -> Result<(), String> {
        self.laws.look(&*self.store, &self.company)?;
        self.laws.at_last(&*self.store, self.now)
    }

    /// Who holds the seat that owns the processes.
    pub(crate) fn owner(&self) -> Who {
        debug_assert_eq!(crate::written::SEATS.last(), Some(&OWNER));
        let last = self.company.doers.last();
        last.map_or_else(|| self.company.manager.clone(), |(_, who)| who.clone())
    }
}
