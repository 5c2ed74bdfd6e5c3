//! A TCP connection within this machine, where there are no Unix domain sockets to be had from the standard library: on Windows.
//!
//! Any program of any user may knock at the port. So who comes says a word first that only this user can read, in a file of the
//! user's own profile, and who does not is shown the door.

use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

use crate::inference::afar::home::Seat;

pub type Stream = TcpStream;

/// Who knocks has so much time to say the word.
const PATIENCE: Duration = Duration::from_secs(2);

type Word = [u8; 32];

/// What nobody can guess: the standard library seeds each hasher from the system's source of chance.
fn secret() -> Word {
    let mut word = Word::default();
    for part in word.chunks_exact_mut(8) {
        part.copy_from_slice(&RandomState::new().hash_one(()).to_le_bytes());
    }
    word
}

pub struct Listener {
    listener: TcpListener,
    word: Word,
}

impl Listener {
    /// Waits for the next client that knows the word.
    ///
    /// # Errors
    /// The system gives no connection, or who came does not know it: the next one may.
    pub fn accept(&self) -> Result<(Stream, ())> {
        let (mut stream, _) = self.listener.accept()?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut said = Word::default();
        stream.read_exact(&mut said)?;
        if said != self.word {
            return Err(Error::new(ErrorKind::PermissionDenied, "a stranger knocked"));
        }
        Ok((stream, ()))
    }
}

/// Waits for clients, and writes down where, and the word.
///
/// # Errors
/// The system gives no port, or the file cannot be written.
pub fn bind(seat: &Seat) -> Result<Listener> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let word = secret();
    let written = [&listener.local_addr()?.port().to_le_bytes()[..], &word].concat();
    let part = seat.socket().with_extension("part");
    fs::write(&part, written)?;
    fs::rename(part, seat.socket())?;
    Ok(Listener { listener, word })
}

/// Goes to whoever waits there, and says the word.
///
/// # Errors
/// Nobody does.
pub fn connect(seat: &Seat) -> Result<Stream> {
    let written = fs::read(seat.socket())?;
    let Some((&[low, high], word)) = written.split_first_chunk() else {
        return Err(ErrorKind::InvalidData.into());
    };
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, u16::from_le_bytes([low, high])))?;
    stream.set_nodelay(true)?;
    stream.write_all(word)?;
    Ok(stream)
}

/// Makes the folder, if need be. It lies in the user's own profile, which nobody else may read.
///
/// # Errors
/// It cannot be made.
#[cfg(windows)]
pub fn make_private(folder: &std::path::Path) -> Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_knows_the_word_comes_in_and_who_does_not_stays_outside() {
        let folder = tempfile::tempdir().unwrap();
        let seat = Seat { folder: folder.path().to_owned(), name: "0".to_owned(), memory_mib: None };
        assert!(connect(&seat).is_err());
        let listener = bind(&seat).unwrap();
        let stranger = TcpStream::connect(listener.listener.local_addr().unwrap()).unwrap();
        (&stranger).write_all(&[7; 32]).unwrap();
        assert_eq!(listener.accept().unwrap_err().kind(), ErrorKind::PermissionDenied);
        let mut friend = connect(&seat).unwrap();
        let (mut here, ()) = listener.accept().unwrap();
        here.write_all(b"hello").unwrap();
        let mut heard = [0; 5];
        friend.read_exact(&mut heard).unwrap();
        assert_eq!(&heard, b"hello");
    }
}
