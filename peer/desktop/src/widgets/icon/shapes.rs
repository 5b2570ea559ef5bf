//! The drawings, as SVG paths. Coordinates keep to 2–22.

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, druid::Data)]
#[expect(missing_docs, reason = "each says itself what it shows")]
pub enum Shape {
    Chats,
    People,
    PersonAdd,
    Bell,
    Folder,
    Clock,
    Gear,
    Send,
    Smile,
    Picture,
    Paperclip,
    Search,
    Close,
    Back,
    Check,
    DoubleCheck,
    Pause,
    Play,
    Download,
    FolderOpen,
    Devices,
    Shield,
    SignOut,
    Moon,
    Sun,
    Warning,
    Copy,
    More,
    Reply,
    Pencil,
    Trash,
    Key,
    Eye,
    Network,
    Plus,
    Camera,
}

impl Shape {
    /// All, in the order of their numbers.
    pub const ALL: &[Self] = &[
        Self::Chats,
        Self::People,
        Self::PersonAdd,
        Self::Bell,
        Self::Folder,
        Self::Clock,
        Self::Gear,
        Self::Send,
        Self::Smile,
        Self::Picture,
        Self::Paperclip,
        Self::Search,
        Self::Close,
        Self::Back,
        Self::Check,
        Self::DoubleCheck,
        Self::Pause,
        Self::Play,
        Self::Download,
        Self::FolderOpen,
        Self::Devices,
        Self::Shield,
        Self::SignOut,
        Self::Moon,
        Self::Sun,
        Self::Warning,
        Self::Copy,
        Self::More,
        Self::Reply,
        Self::Pencil,
        Self::Trash,
        Self::Key,
        Self::Eye,
        Self::Network,
        Self::Plus,
        Self::Camera,
    ];

    #[expect(clippy::too_many_lines, reason = "a table")]
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Chats => {
                "M6 4 H18 A3 3 0 0 1 21 7 V13.5 A3 3 0 0 1 18 16.5 H11 L6.5 20.5 V16.5 H6 A3 3 0 0 1 3 13.5 V7 A3 3 0 0 1 6 4 Z \
                 M8 8.7 H16 M8 12 H13"
            }
            Self::People => {
                "M9 4 A3.5 3.5 0 0 1 9 11 A3.5 3.5 0 0 1 9 4 Z M2.8 19.5 C2.8 16.2 5.4 14 9 14 C12.6 14 15.2 16.2 15.2 19.5 \
                 M15.6 4.3 A3.4 3.4 0 0 1 15.6 10.7 M17.6 14.5 C19.9 15.2 21.2 17 21.2 19.5"
            }
            Self::PersonAdd => {
                "M9.5 4 A3.5 3.5 0 0 1 9.5 11 A3.5 3.5 0 0 1 9.5 4 Z M3 19.5 C3 16.2 5.7 14 9.5 14 C13.3 14 16 16.2 16 19.5 \
                 M18.5 7.5 V13.5 M15.5 10.5 H21.5"
            }
            Self::Bell => {
                "M12 3.5 C8.7 3.5 6.5 5.9 6.5 9.3 C6.5 13.6 5.3 15.3 4 16.8 H20 C18.7 15.3 17.5 13.6 17.5 9.3 C17.5 5.9 15.3 3.5 12 3.5 Z \
                 M9.8 19.8 C10.3 20.6 11.1 21 12 21 C12.9 21 13.7 20.6 14.2 19.8"
            }
            Self::Folder => {
                "M3 17.5 V6.5 A2 2 0 0 1 5 4.5 H9.2 L11.4 7 H19 A2 2 0 0 1 21 9 V17.5 A2 2 0 0 1 19 19.5 H5 A2 2 0 0 1 3 17.5 Z"
            }
            Self::Clock => "M12 3 A9 9 0 0 1 12 21 A9 9 0 0 1 12 3 Z M12 7.2 V12 L15.4 14",
            Self::Gear => {
                "M12 9 A3 3 0 0 1 12 15 A3 3 0 0 1 12 9 Z M10.4 3 H13.6 L14.2 5.6 L16.1 6.7 L18.6 5.9 L20.2 8.7 L18.3 10.5 V13.5 L20.2 15.3 \
                 L18.6 18.1 L16.1 17.3 L14.2 18.4 L13.6 21 H10.4 L9.8 18.4 L7.9 17.3 L5.4 18.1 L3.8 15.3 L5.7 13.5 V10.5 L3.8 8.7 L5.4 5.9 \
                 L7.9 6.7 L9.8 5.6 Z"
            }
            Self::Send => "M20.8 3.2 L3.2 9.6 L10.4 13.6 L14.4 20.8 Z M10.4 13.6 L20.8 3.2",
            Self::Smile => {
                "M12 3 A9 9 0 0 1 12 21 A9 9 0 0 1 12 3 Z M8 14 C8.9 15.6 10.3 16.4 12 16.4 C13.7 16.4 15.1 15.6 16 14 M9 9 V10.2 M15 9 V10.2"
            }
            Self::Picture => {
                "M5.5 4 H18.5 A2.5 2.5 0 0 1 21 6.5 V17.5 A2.5 2.5 0 0 1 18.5 20 H5.5 A2.5 2.5 0 0 1 3 17.5 V6.5 A2.5 2.5 0 0 1 5.5 4 Z \
                 M3.4 17 L8.6 11.8 L16.6 19.8 M13.6 16.8 L16.4 14 L20.8 18.2 M15.8 7.6 A1.4 1.4 0 0 1 15.8 10.4 A1.4 1.4 0 0 1 15.8 7.6 Z"
            }
            Self::Paperclip => {
                "M19.6 11.2 L12 18.8 A4.6 4.6 0 0 1 5.5 12.3 L13.2 4.6 A3.1 3.1 0 0 1 17.6 9 L10 16.6 A1.5 1.5 0 0 1 7.9 14.5 L14.9 7.5"
            }
            Self::Search => {
                "M10.5 3.5 A7 7 0 0 1 10.5 17.5 A7 7 0 0 1 10.5 3.5 Z M15.6 15.6 L20.5 20.5"
            }
            Self::Close => "M6 6 L18 18 M18 6 L6 18",
            Self::Back => "M14.8 5 L7.8 12 L14.8 19",
            Self::Check => "M4.5 12.6 L9.6 17.6 L19.5 6.8",
            Self::DoubleCheck => "M2.6 12.8 L6.9 17 L15.6 7.4 M11.6 16.4 L12.3 17 L21.2 7.4",
            Self::Pause => "M8.5 5.5 V18.5 M15.5 5.5 V18.5",
            Self::Play => "M7.5 5 L18.5 12 L7.5 19 Z",
            Self::Download => "M12 3.5 V14.8 M7.2 10.2 L12 15 L16.8 10.2 M4 19.8 H20",
            Self::FolderOpen => {
                "M3 18 V6.3 A1.8 1.8 0 0 1 4.8 4.5 H8.8 L11 7 H17.2 A1.8 1.8 0 0 1 19 8.8 V10.5 M3 18.3 L5.9 11.7 A2 2 0 0 1 7.7 10.5 H21.2 \
                 L18.1 18.2 A2 2 0 0 1 16.2 19.5 H4.2 A1.2 1.2 0 0 1 3 18.3 Z"
            }
            Self::Devices => {
                "M9 17 H4.5 A1.5 1.5 0 0 1 3 15.5 V6 A1.5 1.5 0 0 1 4.5 4.5 H17.5 A1.5 1.5 0 0 1 19 6 V7 M6.5 20 H10 \
                 M14.3 10 H19.7 A1.3 1.3 0 0 1 21 11.3 V18.7 A1.3 1.3 0 0 1 19.7 20 H14.3 A1.3 1.3 0 0 1 13 18.7 V11.3 A1.3 1.3 0 0 1 14.3 10 Z \
                 M16.8 17.4 H17.2"
            }
            Self::Shield => {
                "M12 3 L19.5 5.8 V11.2 C19.5 15.8 16.6 19.3 12 21 C7.4 19.3 4.5 15.8 4.5 11.2 V5.8 Z M8.8 11.8 L11.2 14.2 L15.4 9.6"
            }
            Self::SignOut => {
                "M13.5 4 H6.5 A2 2 0 0 0 4.5 6 V18 A2 2 0 0 0 6.5 20 H13.5 M9.5 12 H20.5 M16.5 8 L20.5 12 L16.5 16"
            }
            Self::Moon => "M20 14.4 A8.4 8.4 0 1 1 9.6 4 A6.8 6.8 0 0 0 20 14.4 Z",
            Self::Sun => {
                "M12 7.8 A4.2 4.2 0 0 1 12 16.2 A4.2 4.2 0 0 1 12 7.8 Z M12 2.6 V4.4 M12 19.6 V21.4 M2.6 12 H4.4 M19.6 12 H21.4 \
                 M5.4 5.4 L6.6 6.6 M17.4 17.4 L18.6 18.6 M5.4 18.6 L6.6 17.4 M17.4 6.6 L18.6 5.4"
            }
            Self::Warning => {
                "M10.5 4.6 L2.9 17.6 A1.7 1.7 0 0 0 4.4 20.1 H19.6 A1.7 1.7 0 0 0 21.1 17.6 L13.5 4.6 A1.7 1.7 0 0 0 10.5 4.6 Z M12 9.4 V13.4 \
                 M12 16.6 V16.7"
            }
            Self::Copy => {
                "M10 8 H18.5 A2 2 0 0 1 20.5 10 V18.5 A2 2 0 0 1 18.5 20.5 H10 A2 2 0 0 1 8 18.5 V10 A2 2 0 0 1 10 8 Z \
                 M5.3 16 A1.8 1.8 0 0 1 3.5 14.2 V5.5 A2 2 0 0 1 5.5 3.5 H14.2 A1.8 1.8 0 0 1 16 5.3"
            }
            Self::More => {
                "M5.5 11.6 A0.4 0.4 0 0 1 5.5 12.4 A0.4 0.4 0 0 1 5.5 11.6 Z M12 11.6 A0.4 0.4 0 0 1 12 12.4 A0.4 0.4 0 0 1 12 11.6 Z \
                 M18.5 11.6 A0.4 0.4 0 0 1 18.5 12.4 A0.4 0.4 0 0 1 18.5 11.6 Z"
            }
            Self::Reply => "M9.5 5.5 L3.5 11.5 L9.5 17.5 M3.5 11.5 H14 A6.5 6.5 0 0 1 20.5 18 V19",
            Self::Pencil => {
                "M4 20 L5 15.6 L16 4.6 A2.05 2.05 0 0 1 19.4 8 L8.4 19 Z M13.8 6.8 L17.2 10.2"
            }
            Self::Trash => {
                "M4 6.5 H20 M9 6.5 V4.8 A1.3 1.3 0 0 1 10.3 3.5 H13.7 A1.3 1.3 0 0 1 15 4.8 V6.5 M6 6.5 L6.8 18.8 A1.8 1.8 0 0 0 8.6 20.5 H15.4 \
                 A1.8 1.8 0 0 0 17.2 18.8 L18 6.5 M10 10.5 V16.5 M14 10.5 V16.5"
            }
            Self::Key => {
                "M8 11 A4.5 4.5 0 0 1 8 20 A4.5 4.5 0 0 1 8 11 Z M11.3 12.4 L20 3.8 M16.4 7.4 L19.4 10.4"
            }
            Self::Eye => {
                "M2.6 12 C4.8 7.9 8.1 5.8 12 5.8 C15.9 5.8 19.2 7.9 21.4 12 C19.2 16.1 15.9 18.2 12 18.2 C8.1 18.2 4.8 16.1 2.6 12 Z \
                 M12 9 A3 3 0 0 1 12 15 A3 3 0 0 1 12 9 Z"
            }
            Self::Network => {
                "M9.5 3.5 H14.5 V8.5 H9.5 Z M3.5 15.5 H8.5 V20.5 H3.5 Z M15.5 15.5 H20.5 V20.5 H15.5 Z M12 8.5 V12 M6 15.5 V12 H18 V15.5"
            }
            Self::Plus => "M12 4.5 V19.5 M4.5 12 H19.5",
            Self::Camera => {
                "M5 7 H8 L9.6 4.5 H14.4 L16 7 H19 A2 2 0 0 1 21 9 V17 A2 2 0 0 1 19 19 H5 A2 2 0 0 1 3 17 V9 A2 2 0 0 1 5 7 Z \
                 M12 9.3 A3.6 3.6 0 0 1 12 16.5 A3.6 3.6 0 0 1 12 9.3 Z"
            }
        }
    }
}
