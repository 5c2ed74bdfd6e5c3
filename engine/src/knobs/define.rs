//! What becomes of the table.

/// Makes `KnobId`, `KNOBS` and `Controls` of the table's rows.
macro_rules! knobs {
    (
        turned { $($id:ident, $field:ident: $type:ty, $key:literal, $label:literal, $group:ident, $kind:expr, $help:literal;)* }
        done { $($act:ident, $act_key:literal, $act_label:literal, $act_group:ident, $act_help:literal;)* }
        viewer { $($own:ident, $own_field:ident: $own_type:ty, $own_key:literal, $own_label:literal, $own_group:ident, $own_kind:expr, $own_help:literal;)* }
    ) => {
        /// A row of the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum KnobId {
            $(#[doc = $help] $id,)*
            $(#[doc = $act_help] $act,)*
            $(#[doc = $own_help] $own,)*
        }

        impl KnobId {
            /// All rows, in the table's order.
            pub const ALL: &'static [Self] = &[$(Self::$id,)* $(Self::$act,)* $(Self::$own,)*];

            /// Those that suit whoever watches. They are turned, and yet no parameters of hosts and no part of presets: nothing
            /// reaches them that turns everything at once, or means a look.
            pub const VIEWER: &'static [Self] = &[$(Self::$own,)*];

            /// Shows the row to someone who makes something of each kind of knob.
            pub fn visit<V: super::Visitor>(self, visitor: &mut V) -> V::Made {
                match self {
                    $(Self::$id => <$type as super::Turned>::show(self.knob(), visitor),)*
                    $(Self::$act => visitor.act(self.knob()),)*
                    $(Self::$own => <$own_type as super::Turned>::show(self.knob(), visitor),)*
                }
            }
        }

        /// All rows.
        pub static KNOBS: &[Knob] = &[
            $(Knob {
                id: KnobId::$id,
                key: $key,
                field: stringify!($field),
                label: $label,
                group: Group::$group,
                kind: $kind.kind(),
                help: $help,
            },)*
            $(Knob {
                id: KnobId::$act,
                key: $act_key,
                field: $act_key,
                label: $act_label,
                group: Group::$act_group,
                kind: act(),
                help: $act_help,
            },)*
            $(Knob {
                id: KnobId::$own,
                key: $own_key,
                field: stringify!($own_field),
                label: $own_label,
                group: Group::$own_group,
                kind: $own_kind.kind(),
                help: $own_help,
            },)*
        ];

        /// What everything is turned to: with sound and pack, all that decides the frames. Each field may change from one
        /// frame to the next. Plain numbers, quick to copy.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct Controls {
            $(#[doc = $help] pub $field: $type,)*
            $(#[doc = $own_help] pub $own_field: $own_type,)*
            /// Counts the pictures that were asked for by hand: another number is another picture.
            pub picture: u32,
            /// Counts what was put right about the beat.
            pub by_hand: crate::controls::ByHand,
        }

        impl Default for Controls {
            fn default() -> Self {
                Self {
                    $($field: super::Turned::of(KnobId::$id.knob().default()),)*
                    $($own_field: super::Turned::of(KnobId::$own.knob().default()),)*
                    picture: 0,
                    by_hand: crate::controls::ByHand::default(),
                }
            }
        }

        impl Controls {
            /// What a knob is turned to; `None` for those that are done and not turned.
            pub fn get(&self, id: KnobId) -> Option<super::Value> {
                match id {
                    $(KnobId::$id => Some(super::Turned::value(self.$field)),)*
                    $(KnobId::$act => None,)*
                    $(KnobId::$own => Some(super::Turned::value(self.$own_field)),)*
                }
            }

            /// Turns a knob; one that is done and not turned changes nothing. A value of another kind is taken for what comes
            /// nearest.
            pub fn set(&mut self, id: KnobId, value: super::Value) {
                match id {
                    $(KnobId::$id => self.$field = super::Turned::of(value),)*
                    $(KnobId::$act => {})*
                    $(KnobId::$own => self.$own_field = super::Turned::of(value),)*
                }
            }
        }
    };
}
