//! Devices by name.

use std::error::Error as StdError;
use std::path::Path;
use std::sync::Arc;

use crate::card::{Card, CardConfig};
use crate::cpu::Cpu;
use crate::device::{Device, DeviceError, DeviceKind};
use crate::transport::{
    DEFAULT_BAUD, SerialTransport, SocketTransport, Transport, TransportError, XdmaTransport,
};

/// Environment variable that names cards for `auto`: device names, separated by commas.
pub const DEVICES_VARIABLE: &str = "CHAINCARD_DEVICES";

type BoxError = Box<dyn StdError + Send + Sync>;
type OpenTransport = dyn Fn(&str) -> Result<Box<dyn Transport>, BoxError> + Send + Sync;
type OpenDevice = dyn Fn(&str) -> Result<Arc<dyn Device>, BoxError> + Send + Sync;

/// What the devices of a scheme are.
enum Opens {
    /// Cards behind a transport.
    Cards(Box<OpenTransport>),
    /// Whatever implements [`Device`].
    Devices(Box<OpenDevice>),
}

/// What `devices` shows: a device that is here, or why it cannot be used.
#[derive(Debug)]
pub struct Listed {
    /// Name to open it by.
    pub name: String,
    /// Kind.
    pub kind: DeviceKind,
    /// One line for people.
    pub description: String,
}

/// Knows how to open devices by name: the built-in schemes and those that were added.
///
/// ```
/// use chaincard::{Device, Registry};
///
/// let registry = Registry::new();
/// assert_eq!(registry.open("cpu:2")?.name(), "cpu:2");
/// let error = registry.open("gpu").err().unwrap();
/// assert!(error.to_string().contains("serial:PATH[@BAUD]"));
/// # Ok::<(), chaincard::OpenError>(())
/// ```
#[derive(Default)]
pub struct Registry {
    schemes: Vec<Scheme>,
    config: Option<CardConfig>,
}

struct Scheme {
    name: String,
    syntax: String,
    description: String,
    kind: DeviceKind,
    open: Opens,
}

impl Registry {
    /// The built-in schemes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds cards of scheme `name`: `name` and `name:REST` open the transport that `open`
    /// gives for REST (empty when there is none). `syntax` is what a user may type, such as
    /// `sim[:IMAGE]`, and `description` one line about it.
    ///
    /// A scheme added later, or with the name of a built-in one, comes first.
    #[must_use]
    pub fn with_scheme<F>(
        mut self,
        name: &str,
        syntax: &str,
        description: &str,
        kind: DeviceKind,
        open: F,
    ) -> Self
    where
        F: Fn(&str) -> Result<Box<dyn Transport>, BoxError> + Send + Sync + 'static,
    {
        self.add(name, syntax, description, kind, Opens::Cards(Box::new(open)));
        self
    }

    /// As [`with_scheme`](Self::with_scheme), for devices that are no cards. They are used as they
    /// are opened; [`self_test`](crate::self_test) gives them known answers.
    #[must_use]
    pub fn with_devices<F>(
        mut self,
        name: &str,
        syntax: &str,
        description: &str,
        kind: DeviceKind,
        open: F,
    ) -> Self
    where
        F: Fn(&str) -> Result<Arc<dyn Device>, BoxError> + Send + Sync + 'static,
    {
        self.add(name, syntax, description, kind, Opens::Devices(Box::new(open)));
        self
    }

    fn add(&mut self, name: &str, syntax: &str, description: &str, kind: DeviceKind, open: Opens) {
        let scheme = Scheme {
            name: name.to_owned(),
            syntax: syntax.to_owned(),
            description: description.to_owned(),
            kind,
            open,
        };
        self.schemes.insert(0, scheme);
    }

    /// Opens cards with `config` instead of [`CardConfig::for_kind`].
    #[must_use]
    pub fn with_card_config(mut self, config: CardConfig) -> Self {
        self.config = Some(config);
        self
    }

    /// Every form of name that [`open`](Self::open) understands.
    pub fn syntax(&self) -> Vec<String> {
        let mut syntax = vec!["auto".to_owned(), "cpu[:THREADS]".to_owned()];
        if cfg!(feature = "opencl") {
            syntax.push("opencl[:N]".to_owned());
        }
        syntax.extend(self.schemes.iter().rev().map(|scheme| scheme.syntax.clone()));
        for built_in in ["serial:PATH[@BAUD]", "unix:PATH", "tcp:HOST:PORT", "xdma:N"] {
            syntax.push(built_in.to_owned());
        }
        syntax
    }

    /// Opens the device `name`; a card is tested with known answers on the way.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(&self, name: &str) -> Result<Arc<dyn Device>, OpenError> {
        if name == "auto" {
            return Ok(self.open_auto());
        }
        let (scheme, rest) = match name.split_once(':') {
            Some((scheme, rest)) => (scheme, Some(rest)),
            None => (name, None),
        };
        if let Some(known) = self.schemes.iter().find(|known| known.name == scheme) {
            let failed = |source| OpenError::Scheme { name: name.to_owned(), source };
            let rest = rest.unwrap_or("");
            return match &known.open {
                Opens::Cards(open) => {
                    let config = CardConfig::for_kind(known.kind);
                    self.open_card(name, known.kind, open(rest).map_err(failed)?, config)
                }
                Opens::Devices(open) => open(rest).map_err(failed),
            };
        }
        let card = CardConfig::for_kind(DeviceKind::Card);
        match (scheme, rest) {
            ("cpu", None) => Ok(Arc::new(Cpu::new())),
            ("cpu", Some(threads)) => match threads.parse() {
                Ok(threads) if threads > 0 => Ok(Arc::new(Cpu::with_threads(threads))),
                _ => Err(self.bad_name(name, "THREADS is a number from 1")),
            },
            ("opencl", index) => self.open_opencl(name, index),
            ("serial", Some(rest)) => {
                let (path, baud) = self.parse_serial(name, rest)?;
                self.open_link(name, SerialTransport::open(path, baud), card)
            }
            ("tcp", Some(address)) => {
                let port = address.rsplit_once(':').map(|(_, port)| port.parse::<u16>());
                if !matches!(port, Some(Ok(_))) {
                    return Err(self.bad_name(name, "the address is HOST:PORT"));
                }
                self.open_link(name, SocketTransport::tcp(address), CardConfig::for_socket())
            }
            #[cfg(unix)]
            ("unix", Some(path)) if !path.is_empty() => self.open_link(
                name,
                SocketTransport::unix(Path::new(path)),
                CardConfig::for_socket(),
            ),
            ("xdma", Some(index)) => match index.parse() {
                Ok(index) => self.open_link(name, XdmaTransport::open(index), card),
                Err(_) => Err(self.bad_name(name, "N is the number in /dev/xdmaN_h2c_0")),
            },
            ("serial" | "tcp" | "unix" | "xdma", _) => {
                Err(self.bad_name(name, "what comes after the colon is missing"))
            }
            _ => Err(self.bad_name(name, "there is no such kind of device")),
        }
    }

    /// The device that `auto` stands for: the first that opens of those named in the
    /// environment variable `CHAINCARD_DEVICES` (device names, separated by commas); else, with
    /// the feature `opencl`, the first OpenCL device that is a GPU; else `cpu`. Simulated cards
    /// are used only when the variable names them. It never fails.
    pub fn open_auto(&self) -> Arc<dyn Device> {
        let named = std::env::var(DEVICES_VARIABLE).unwrap_or_default();
        self.open_auto_of(&named)
    }

    /// As [`open_auto`](Self::open_auto), with `named` instead of the environment variable: for
    /// a program with its own configuration.
    pub fn open_auto_of(&self, named: &str) -> Arc<dyn Device> {
        for name in split_names(named) {
            if let Ok(device) = self.open(name) {
                return device;
            }
        }
        #[cfg(feature = "opencl")]
        if let Some(device) = crate::opencl::first_gpu() {
            return Arc::new(device);
        }
        Arc::new(Cpu::new())
    }

    /// The devices that are here without opening any link: `cpu`, OpenCL devices, added
    /// schemes, those of `CHAINCARD_DEVICES`, XDMA devices and USB serial ports (which need not
    /// be cards).
    pub fn list(&self) -> Vec<Listed> {
        let cpu = Cpu::new();
        let mut list = vec![Listed {
            name: "cpu".to_owned(),
            kind: DeviceKind::Cpu,
            description: cpu.description(),
        }];
        #[cfg(feature = "opencl")]
        list.extend(crate::opencl::list());
        list.extend(self.schemes.iter().rev().map(|scheme| Listed {
            name: scheme.name.clone(),
            kind: scheme.kind,
            description: scheme.description.clone(),
        }));
        let named = std::env::var(DEVICES_VARIABLE).unwrap_or_default();
        for name in split_names(&named) {
            if list.iter().all(|listed| listed.name != name) && name != "auto" {
                list.push(Listed {
                    name: name.to_owned(),
                    kind: self.kind_of(name),
                    description: format!("named in {DEVICES_VARIABLE}"),
                });
            }
        }
        for index in 0..16 {
            let path = format!("/dev/xdma{index}_h2c_0");
            if Path::new(&path).exists() {
                list.push(Listed {
                    name: format!("xdma:{index}"),
                    kind: DeviceKind::Card,
                    description: path,
                });
            }
        }
        for port in serialport::available_ports().unwrap_or_default() {
            if let serialport::SerialPortType::UsbPort(usb) = port.port_type {
                list.push(Listed {
                    name: format!("serial:{}", port.port_name),
                    kind: DeviceKind::Card,
                    description: format!(
                        "USB serial port {:04x}:{:04x} {}",
                        usb.vid,
                        usb.pid,
                        usb.product.unwrap_or_default()
                    ),
                });
            }
        }
        list
    }

    fn kind_of(&self, name: &str) -> DeviceKind {
        let scheme = name.split(':').next().unwrap_or(name);
        match self.schemes.iter().find(|known| known.name == scheme) {
            Some(known) => known.kind,
            None if scheme == "cpu" => DeviceKind::Cpu,
            None if scheme == "opencl" => DeviceKind::OpenCl,
            None => DeviceKind::Card,
        }
    }

    fn parse_serial<'a>(&self, name: &str, rest: &'a str) -> Result<(&'a str, u32), OpenError> {
        let (path, baud) = match rest.rsplit_once('@') {
            None => (rest, Some(DEFAULT_BAUD)),
            Some((path, baud)) => (path, baud.parse().ok()),
        };
        match baud {
            Some(baud) if baud > 0 && !path.is_empty() => Ok((path, baud)),
            _ => Err(self.bad_name(name, "BAUD is a number of bits per second")),
        }
    }

    fn open_link<T: Transport + 'static>(
        &self,
        name: &str,
        transport: Result<T, TransportError>,
        config: CardConfig,
    ) -> Result<Arc<dyn Device>, OpenError> {
        let transport =
            transport.map_err(|source| OpenError::Transport { name: name.to_owned(), source })?;
        self.open_card(name, DeviceKind::Card, Box::new(transport), config)
    }

    fn open_card(
        &self,
        name: &str,
        kind: DeviceKind,
        transport: Box<dyn Transport>,
        config: CardConfig,
    ) -> Result<Arc<dyn Device>, OpenError> {
        let config = self.config.clone().unwrap_or(config);
        Ok(Arc::new(Card::open(name, kind, transport, config)?))
    }

    #[cfg(feature = "opencl")]
    fn open_opencl(&self, name: &str, index: Option<&str>) -> Result<Arc<dyn Device>, OpenError> {
        let index = match index.map_or(Ok(0), str::parse) {
            Ok(index) => index,
            Err(_) => return Err(self.bad_name(name, "N is the number of an OpenCL device")),
        };
        Ok(Arc::new(crate::opencl::OpenCl::open(name, index)?))
    }

    #[cfg(not(feature = "opencl"))]
    fn open_opencl(&self, name: &str, _: Option<&str>) -> Result<Arc<dyn Device>, OpenError> {
        Err(self.bad_name(name, "this build is without the feature opencl"))
    }

    fn bad_name(&self, name: &str, reason: &'static str) -> OpenError {
        OpenError::Name { name: name.to_owned(), reason, valid: self.syntax().join(", ") }
    }
}

fn split_names(names: &str) -> impl Iterator<Item = &str> {
    names.split(',').map(str::trim).filter(|name| !name.is_empty())
}

/// Why a device could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// name is none
    #[error("no device {name:?}: {reason}; valid names: {valid}")]
    Name {
        /// What was asked for.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
        /// Every form of name.
        valid: String,
    },
    /// link could not be opened
    #[error("cannot open device {name}")]
    Transport {
        /// Name of the device.
        name: String,
        /// What failed.
        #[source]
        source: TransportError,
    },
    /// added scheme could not open its link
    #[error("cannot open device {name}")]
    Scheme {
        /// Name of the device.
        name: String,
        /// What failed.
        #[source]
        source: BoxError,
    },
    /// device does not work
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// device fails its known-answer test
    #[error("device failed its known-answer test")]
    SelfTest(#[source] Arc<DeviceError>),
    /// accelerator was built with too many devices
    #[error("an accelerator has at most {max} devices")]
    TooManyDevices {
        /// Most devices.
        max: usize,
    },
    /// accelerator was built without any device
    #[error("an accelerator needs a device")]
    NoDevice,
    /// threads could not be started
    #[error("cannot start a thread")]
    Thread(#[source] std::io::Error),
}
