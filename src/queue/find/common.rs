//! What members have in common, numbered once, and who has what in the order of any seats.
//!
//! Does not know what it is: word triples, asks, links. A queue is judged many times with its posts in other places, and what they
//! say stays. Invariant: holders of a thing stand in the order in which they were added.

/// The things of each member, by their numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    /// Where those of each member end.
    ends: Vec<u32>,
    things: Vec<u32>,
}

impl Lists {
    /// Those of one member after the other.
    pub(super) fn new<T: IntoIterator<Item = u32>>(members: impl Iterator<Item = T>) -> Self {
        let mut lists = Self::default();
        for things in members {
            lists.things.extend(things);
            lists.ends.push(whole(lists.things.len()));
        }
        lists
    }

    /// Of so many members, from pairs of a thing and a member; the things of a member keep the order of the pairs.
    pub(super) fn of_pairs(members: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut counts = vec![0_u32; members];
        for (_, member) in pairs.clone() {
            counts[member as usize] += 1;
        }
        let (starts, all) = added_up(&counts);
        let (mut next, mut things) = (starts, vec![0; all as usize]);
        for (thing, member) in pairs {
            let at = &mut next[member as usize];
            things[*at as usize] = thing;
            *at += 1;
        }
        // Whoever was filled has its end behind the last.
        Self { ends: next, things }
    }

    /// Those of a member; none of one that is not known.
    pub(super) fn of(&self, member: usize) -> &[u32] {
        let end = self.ends.get(member).copied().unwrap_or_default();
        let start = member.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        self.things.get(start as usize..end as usize).unwrap_or_default()
    }

    /// How many members there are.
    pub(super) fn members(&self) -> usize {
        self.ends.len()
    }
}

/// The things of each member, and how many members may have each of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Common {
    lists: Lists,
    /// Where there is room for the holders of each thing.
    starts: Vec<u32>,
}

impl Common {
    /// Of things numbered below `count`.
    pub(super) fn new(lists: Lists, count: usize) -> Self {
        let mut counts = vec![0_u32; count];
        for &thing in &lists.things {
            counts[thing as usize] += 1;
        }
        let (starts, _) = added_up(&counts);
        Self { lists, starts }
    }

    /// The things of a member.
    pub(super) fn of(&self, member: usize) -> &[u32] {
        self.lists.of(member)
    }

    /// Room for holders, none yet.
    pub(super) fn holders(&self) -> Holders<'_> {
        Holders { common: self, ends: self.starts.clone(), holders: vec![0; self.lists.things.len()] }
    }
}

/// Who has what, as far as they were added: each member once.
pub(super) struct Holders<'c> {
    common: &'c Common,
    ends: Vec<u32>,
    holders: Vec<usize>,
}

impl Holders<'_> {
    /// The holders of a thing.
    pub(super) fn of(&self, thing: u32) -> &[usize] {
        let (start, end) = (self.common.starts[thing as usize], self.ends[thing as usize]);
        &self.holders[start as usize..end as usize]
    }

    /// Adds one.
    pub(super) fn add(&mut self, thing: u32, holder: usize) {
        let end = &mut self.ends[thing as usize];
        self.holders[*end as usize] = holder;
        *end += 1;
    }
}

/// Things with what they are, in rising order.
#[derive(Clone, Debug)]
pub(super) struct Named<K> {
    names: Vec<K>,
    common: Common,
}

impl<K: Ord + Copy> Named<K> {
    /// What each member has, each thing once a member.
    pub(super) fn new<T: Iterator<Item = K>>(members: impl Iterator<Item = T> + Clone) -> Self {
        let mut names: Vec<K> = members.clone().flatten().collect();
        names.sort_unstable();
        names.dedup();
        let number = |thing: K| names.binary_search(&thing).ok().map(whole);
        let lists = Lists::new(members.map(|things| things.filter_map(number)));
        Self { common: Common::new(lists, names.len()), names }
    }

    /// The things that are held by anybody, with the seats that hold them, where `member` says who sits in each of them.
    pub(super) fn each(&self, members: impl Iterator<Item = Option<usize>>, mut each: impl FnMut(K, &[usize])) {
        let mut holders = self.common.holders();
        for (seat, member) in members.enumerate() {
            for &thing in member.map_or(&[][..], |member| self.common.of(member)) {
                holders.add(thing, seat);
            }
        }
        for (&name, number) in self.names.iter().zip(0..) {
            each(name, holders.of(number));
        }
    }
}

/// What stands before each of these, and all of them together.
fn added_up(counts: &[u32]) -> (Vec<u32>, u32) {
    let (mut starts, mut all) = (Vec::with_capacity(counts.len()), 0_u32);
    for count in counts {
        starts.push(all);
        all = all.saturating_add(*count);
    }
    (starts, all)
}

fn whole(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_what_is_told_in_the_order_of_seats() {
        let members: [&[&str]; 4] = [&["b", "a"], &[], &["c", "b"], &["b"]];
        let named = Named::new(members.iter().map(|things| things.iter().copied()));
        let mut told = Vec::new();
        let seats = [Some(3), None, Some(1), Some(0), Some(2)];
        named.each(seats.into_iter(), |name, seats| told.push((name, seats.to_vec())));
        assert_eq!(told, [("a", vec![3]), ("b", vec![0, 3, 4]), ("c", vec![4])]);
    }

    #[test]
    fn pairs_become_lists_in_their_order() {
        let pairs = [(7, 2), (1, 0), (5, 2), (1, 2)];
        let lists = Lists::of_pairs(4, pairs.into_iter());
        let found: Vec<&[u32]> = (0..5).map(|member| lists.of(member)).collect();
        assert_eq!(found, [&[1][..], &[], &[7, 5, 1], &[], &[]]);
        assert_eq!(lists.members(), 4);
    }
}
