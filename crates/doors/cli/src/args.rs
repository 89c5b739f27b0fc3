//! The command line.

use clap::{Args as Arguments, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Business process management for people and agents: written once, checked, drawn, run, improved.
#[derive(Debug, Parser)]
#[command(name = "gemba", version, propagate_version = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Report what is missing or contradictory in SOPs and BPMN models
    Check(Check),
    /// Show what a SOP says: owner, trigger, steps, output, failure signals
    Show(Show),
    /// Draw the process map of a SOP
    Map(Map),
    /// Set a SOP as a PDF: steps, decisions, who does what, the map
    Print(Print),
    /// Print who is responsible, accountable, consulted and informed, per step
    Raci(Raci),
    /// Rewrite SOPs in the canonical form
    Fmt(Fmt),
    /// Explain a code such as SOP0103 or RUN0201
    Explain {
        /// The code
        code: String,
    },
    /// Look into event logs: what really happened, beside what is written
    Log {
        #[command(subcommand)]
        command: Log,
    },
    /// Set up a workspace without a browser
    Setup(Setup),
    /// Start the server
    Serve(Serve),
    /// Start the server with a sample company in a temporary folder
    Demo(Demo),
    /// Serve the Model Context Protocol over standard input and output
    Mcp(Mcp),
    /// Let a command do the work of a seat
    Agent {
        #[command(subcommand)]
        command: Agent,
    },
    /// Look after API tokens
    Token {
        #[command(subcommand)]
        command: Token,
    },
    /// Import SOPs (files, folders, zip archives) as drafts, or an exported workspace: all or none
    Import(Import),
    /// Write the workspace into a folder, as Markdown that imports back to the same workspace; or one seat of
    /// it, as files that other agents read
    Export {
        /// The folder; it is made where it is missing
        dir: PathBuf,
        /// The seat, by slug or name
        #[arg(long, requires = "form")]
        seat: Option<String>,
        /// The form: one page, a folder of skills, or one agent SOP for each SOP that the seat works by
        #[arg(long = "as", value_enum, requires = "seat", value_name = "FORM")]
        form: Option<SeatForm>,
        #[command(flatten)]
        data: Data,
    },
    /// Start a run of a process
    Run {
        /// The process
        slug: String,
        /// What the run is about
        #[arg(long, default_value = "")]
        title: String,
        #[command(flatten)]
        data: Data,
    },
    /// Look after the audit log
    Audit {
        #[command(subcommand)]
        command: Audit,
    },
    /// Copy the whole workspace into one file, while the server runs
    Backup {
        /// The file to write; it must not exist
        out: PathBuf,
        #[command(flatten)]
        data: Data,
    },
    /// Make a data folder from a backup
    Restore {
        /// The backup
        from: PathBuf,
        #[command(flatten)]
        data: Data,
    },
    /// Move a workspace from one database into another, empty one, held against it row by row
    Move(Move),
    /// Check that the data is whole
    Doctor {
        #[command(flatten)]
        data: Data,
    },
}

/// The form of a seat's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeatForm {
    /// AGENTS.md
    AgentsMd,
    /// CLAUDE.md
    ClaudeMd,
    /// NAME/SKILL.md (Agent Skills)
    Skills,
    /// NAME.sop.md (Agent SOPs)
    SopMd,
}

/// Where the data is.
#[derive(Debug, Clone, Arguments)]
pub(crate) struct Data {
    /// The data folder (default: a folder of yours)
    #[arg(long, env = "GEMBA_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// The database: `sqlite:PATH` or `postgres://USER@HOST/DATABASE`, which several servers may share
    /// (default: gemba.db in the data folder)
    #[arg(long, env = "GEMBA_DATABASE", hide_env_values = true, value_name = "URL")]
    pub(crate) database: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    Text,
    Json,
    Sarif,
}

#[derive(Debug, Arguments)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct Check {
    /// Files, or folders that are searched for *.md and *.bpmn
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: CheckFormat,
    /// Warnings count as findings too
    #[arg(long)]
    pub(crate) strict: bool,
    /// Carry out the fixes that are certain, then check what is left
    #[arg(long, conflicts_with = "watch")]
    pub(crate) fix: bool,
    /// Show as a patch what --fix would change, and change nothing
    #[arg(long, conflicts_with_all = ["fix", "watch"])]
    pub(crate) diff: bool,
    /// Check again whenever a document changes, until Ctrl-C
    #[arg(long)]
    pub(crate) watch: bool,
    /// Report only these codes or groups of codes, as in SOP01,SOP0203
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// The seats that exist: `team.md` of an export, or the JSON list of seats
    #[arg(long, value_name = "FILE")]
    pub(crate) team: Option<PathBuf>,
    /// Leave these codes or groups of codes out
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// Whether the text form is coloured; `NO_COLOR` is minded where it is auto
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN")]
    pub(crate) color: Colour,
}

/// Whether output is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal
    Auto,
    Always,
    Never,
}

#[derive(Debug, Arguments)]
pub(crate) struct Show {
    /// The SOP
    pub(crate) file: PathBuf,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The IANA name of the time zone in which schedules fire
    #[arg(long, default_value = "UTC")]
    pub(crate) zone: String,
}

#[derive(Debug, Arguments)]
pub(crate) struct Raci {
    /// The SOP
    pub(crate) file: PathBuf,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MapFormat {
    Svg,
    Png,
    Pdf,
    Bpmn,
    Mmd,
    Dot,
}

#[derive(Debug, Arguments)]
pub(crate) struct Map {
    /// The SOP
    pub(crate) file: PathBuf,
    /// The picture to write; its ending names the format
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: PathBuf,
    /// The format, where the ending does not name it
    #[arg(long, value_enum)]
    pub(crate) format: Option<MapFormat>,
    /// Draw the flow from top to bottom, lanes side by side (SVG and PNG)
    #[arg(long)]
    pub(crate) down: bool,
    /// The paper of a PDF
    #[arg(long, value_enum, default_value = "a4")]
    pub(crate) paper: Sheet,
    /// How the sheets of a PDF lie (default: as the map is shown larger)
    #[arg(long, value_enum)]
    pub(crate) turn: Option<SheetTurn>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sheet {
    A4,
    A3,
    Letter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SheetTurn {
    Portrait,
    Landscape,
}

#[derive(Debug, Arguments)]
pub(crate) struct Print {
    /// The SOP
    pub(crate) file: PathBuf,
    /// The PDF to write
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: PathBuf,
    #[arg(long, value_enum, default_value = "a4")]
    pub(crate) paper: Sheet,
}

#[derive(Debug, Arguments)]
pub(crate) struct Fmt {
    /// Files, or folders that are searched for *.md
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Change nothing; say which files would change
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Log {
    /// Count cases, activities, variants and who follows whom
    Stats {
        #[command(flatten)]
        source: Source,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Find the process in a log and draw it, or write it as a model
    Discover {
        #[command(flatten)]
        source: Source,
        #[command(flatten)]
        discover: Discovery,
    },
    /// Hold a log against a SOP, a BPMN model or a Petri net
    Conform {
        #[command(flatten)]
        source: Source,
        #[command(flatten)]
        conform: Conformance,
    },
    /// Find when the process changed, and what has been other since
    Drift {
        #[command(flatten)]
        source: Source,
        #[command(flatten)]
        drift: Drifting,
    },
    /// Write a log in another format
    Convert {
        #[command(flatten)]
        source: Source,
        /// The log to write; its ending (.xes, .xes.gz, .csv) names the format
        #[arg(short, long, value_name = "OUT")]
        output: PathBuf,
    },
}

/// What is found in a log, and how it is written.
#[derive(Debug, Clone, Arguments)]
pub(crate) struct Discovery {
    /// The file to write; its ending (.svg, .md, .bpmn, .pnml, .json) names the format; .md is a draft of an SOP
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: PathBuf,
    /// How rare a way is, as a share of the most frequent one beside it, to be left out of the model
    #[arg(long, default_value_t = 0.0, value_name = "SHARE")]
    pub(crate) noise: f64,
    /// A model made of blocks, or the graph of what directly follows what
    #[arg(long, value_enum, default_value = "model")]
    pub(crate) kind: FoundKind,
    /// The share of all steps that the most frequent ways of a graph must cover
    #[arg(long, default_value_t = 1.0, value_name = "SHARE")]
    pub(crate) keep: f64,
}

/// What is found in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FoundKind {
    Dfg,
    Model,
}

/// What a log is held against, and how.
#[derive(Debug, Clone, Arguments)]
pub(crate) struct Conformance {
    /// The model: a .md SOP, a .bpmn or a .pnml file
    #[arg(long, value_name = "MODEL")]
    pub(crate) against: PathBuf,
    /// By optimal alignments (exact), or by token replay (quick)
    #[arg(long, value_enum, default_value = "align")]
    pub(crate) method: LogMethod,
    /// A JSON object from resources of the log to the seats they hold (a name or a list), to see which steps another
    /// seat did; a resource or role that is called like a seat is that seat
    #[arg(long, value_name = "FILE")]
    pub(crate) seats: Option<PathBuf>,
    /// The time zone in which deadlines are counted, on workdays from Monday to Friday until 17:00
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    pub(crate) zone: String,
    #[command(flatten)]
    pub(crate) names: Against,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// How the activities of a log are found in a model.
#[derive(Debug, Clone, Arguments)]
pub(crate) struct Against {
    /// A JSON object from activities of the log to steps of the model, for names that differ
    #[arg(long, value_name = "FILE")]
    pub(crate) mapping: Option<PathBuf>,
    /// The slug of the process, where the SOP holds several
    #[arg(long, value_name = "SLUG")]
    pub(crate) process: Option<String>,
}

/// When a process changed, and whether what is written still says what happens.
#[derive(Debug, Clone, Arguments)]
pub(crate) struct Drifting {
    /// A model (a .md SOP, a .bpmn or a .pnml file): tells since when it no longer says what happens
    #[arg(long, value_name = "MODEL")]
    pub(crate) against: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) names: Against,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// How conformance is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogMethod {
    Align,
    Replay,
}

/// A log and how to read it.
#[derive(Debug, Clone, Arguments)]
pub(crate) struct Source {
    /// The log: .xes or .csv, or objects and events as .json, .xml or .sqlite; packed as .gz or not
    pub(crate) log: PathBuf,
    /// The column of a table that names the case (default: guessed, and shown)
    #[arg(long, value_name = "COLUMN")]
    pub(crate) case: Option<String>,
    /// The column of the activity
    #[arg(long, value_name = "COLUMN")]
    pub(crate) activity: Option<String>,
    /// The column of the time
    #[arg(long, value_name = "COLUMN")]
    pub(crate) timestamp: Option<String>,
    /// The column of who did it
    #[arg(long, value_name = "COLUMN")]
    pub(crate) resource: Option<String>,
    /// The type of object that is the case, in a log of objects (default: the one with most events, and shown)
    #[arg(long, value_name = "TYPE")]
    pub(crate) object_type: Option<String>,
    /// Read 03/04/2020 as the third of April
    #[arg(long)]
    pub(crate) day_first: bool,
}

#[derive(Debug, Arguments)]
pub(crate) struct Setup {
    /// The company's name
    #[arg(long)]
    pub(crate) name: String,
    /// The IANA name of its time zone (default: the machine's)
    #[arg(long)]
    pub(crate) zone: Option<String>,
    /// The e-mail address of the first owner
    #[arg(long)]
    pub(crate) email: String,
    /// The name of the first owner
    #[arg(long)]
    pub(crate) owner: String,
    #[command(flatten)]
    pub(crate) data: Data,
}

#[derive(Debug, Arguments)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) data: Data,
    /// Where to listen
    #[arg(long, env = "GEMBA_LISTEN", default_value = "127.0.0.1:7300", value_name = "ADDR")]
    pub(crate) listen: String,
    /// The address people use, where it is another (behind a proxy); https makes cookies secure
    #[arg(long, env = "GEMBA_PUBLIC_URL", value_name = "URL")]
    pub(crate) public_url: Option<String>,
    #[command(flatten)]
    pub(crate) outgoing: Outgoing,
}

/// What leaves the house.
#[derive(Debug, Clone, Default, Arguments)]
pub(crate) struct Outgoing {
    /// The mail server: `smtps://USER:PASSWORD@HOST` or `smtp://USER:PASSWORD@HOST:587?tls=required`
    #[arg(long, env = "GEMBA_SMTP", hide_env_values = true, value_name = "URL")]
    pub(crate) smtp: Option<String>,
    /// Whom e-mail comes from: "Gemba <gemba@example.com>"
    #[arg(long, env = "GEMBA_MAIL_FROM", value_name = "ADDRESS")]
    pub(crate) mail_from: Option<String>,
    /// Let webhooks go to this machine and to private networks, and without TLS
    #[arg(long, env = "GEMBA_PRIVATE_WEBHOOKS")]
    pub(crate) private_webhooks: bool,
}

#[derive(Debug, Arguments)]
pub(crate) struct Move {
    /// The database to read: `sqlite:PATH` or `postgres://USER@HOST/DATABASE`; it stays as it is
    #[arg(long, value_name = "URL")]
    pub(crate) from: String,
    /// The database to write, which must hold nothing
    #[arg(long, value_name = "URL")]
    pub(crate) to: String,
}

#[derive(Debug, Arguments)]
pub(crate) struct Demo {
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:7300", value_name = "ADDR")]
    pub(crate) listen: String,
    #[command(flatten)]
    pub(crate) outgoing: Outgoing,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Agent {
    /// Take the work of a seat, one step at a time, and run a command for each
    ///
    /// The command reads the step from its standard input (and from step.json in its folder), and leaves
    /// its answer in the file that `GEMBA_OUTPUT` names or on standard output. What it leaves is checked and submitted;
    /// what is refused is given back to it with the reason.
    Run(AgentRun),
}

#[derive(Debug, Arguments)]
pub(crate) struct AgentRun {
    /// The seat, by slug or name; the token must be for it
    #[arg(long)]
    pub(crate) seat: String,
    /// The server
    #[arg(long, value_name = "URL", env = "GEMBA_URL", default_value = "http://127.0.0.1:7300")]
    pub(crate) url: String,
    /// The bearer token of the seat; the command does not see it
    #[arg(long, env = "GEMBA_TOKEN", hide_env_values = true)]
    pub(crate) token: String,
    /// End when nothing waits, instead of waiting for more
    #[arg(long)]
    pub(crate) once: bool,
    /// How many seconds to wait between two looks
    #[arg(long, default_value_t = 10)]
    pub(crate) poll: u64,
    /// How many seconds the command may take for a step
    #[arg(long, default_value_t = 600)]
    pub(crate) timeout: u64,
    /// How often a refused or failed step is tried again before a person is asked
    #[arg(long, default_value_t = 2)]
    pub(crate) retries: u32,
    /// After how many steps to end
    #[arg(long, value_name = "N")]
    pub(crate) most: Option<u32>,
    /// At which sum of the costs that the command reports ("cost" in its answer) to end
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) spend: Option<f64>,
    /// The command and its arguments
    #[arg(last = true, required = true)]
    pub(crate) command: Vec<String>,
}

#[derive(Debug, Arguments)]
pub(crate) struct Mcp {
    #[command(flatten)]
    pub(crate) data: Data,
    /// A server to pass everything on to, instead of a data folder
    #[arg(long, value_name = "URL", conflicts_with_all = ["data", "database"], requires = "token")]
    pub(crate) url: Option<String>,
    /// The bearer token of the seat to act for (default with a data folder: the operator)
    #[arg(long, env = "GEMBA_TOKEN", hide_env_values = true)]
    pub(crate) token: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// Hold each line of the log against its hash and name the first that does not fit
    Verify {
        /// A line noted before, as this command prints it: NUMBER:HASH. Without it, what was cut off at
        /// the end of the log does not show
        #[arg(long, value_name = "NUMBER:HASH")]
        noted: Option<String>,
        /// As JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        data: Data,
    },
    /// Print the whole log, oldest first, one JSON object a line
    Export {
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Make a bearer token for a seat; it is printed once
    Create {
        /// The seat, by slug or name
        #[arg(long)]
        seat: String,
        /// What the token is for
        #[arg(long)]
        name: String,
        /// After how many days it works no more; never if left out
        #[arg(long)]
        days: Option<u16>,
        /// What it may be used for: work, numbers, documents, company; everything the seat may if left
        /// out, for an agent's seat all but company
        #[arg(long = "scope", value_name = "SCOPE", value_delimiter = ',')]
        scopes: Vec<String>,
        #[command(flatten)]
        data: Data,
    },
    /// Make a new secret for what a token does; it is printed once
    Rotate {
        /// The token's id
        id: String,
        /// For how many hours the old secret works beside the new one
        #[arg(long, default_value_t = 24)]
        overlap: u16,
        #[command(flatten)]
        data: Data,
    },
    /// List tokens without their secrets
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Take a token back
    Revoke {
        /// The token's id
        id: String,
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Debug, Arguments)]
pub(crate) struct Import {
    /// Files, zip archives, or folders that are searched for *.md and *.bpmn
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) data: Data,
}
