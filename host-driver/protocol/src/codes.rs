//! Enumerations of wire codes.

/// Declares an enumeration of wire codes with `ALL`, `code`, `from_code`, `symbol` and
/// `description`; the documentation of a variant is its description.
macro_rules! codes {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident: $int:ident {
            $($(#[doc = $doc:literal])+ $variant:ident = $code:literal,)+
        }
    ) => {
        $(#[$attribute])*
        #[repr($int)]
        pub enum $name {
            $($(#[doc = $doc])+ $variant = $code,)+
        }

        impl $name {
            /// Every one, in ascending order of wire codes.
            pub const ALL: [Self; [$($code),+].len()] = [$(Self::$variant),+];

            /// Wire code.
            pub const fn code(self) -> $int {
                self as $int
            }

            /// The one with that wire code.
            pub const fn from_code(code: $int) -> Option<Self> {
                match code {
                    $($code => Some(Self::$variant),)+
                    _ => None,
                }
            }

            /// Name as declared, in `CamelCase`.
            pub const fn symbol(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant),)+ }
            }

            /// What it means, as in its documentation.
            pub const fn description(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_ascii(),)+ }
            }
        }
    };
}

pub(crate) use codes;
