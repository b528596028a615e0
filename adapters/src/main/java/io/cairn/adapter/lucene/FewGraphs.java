package io.cairn.adapter.lucene;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.apache.lucene.index.FilterMergePolicy;
import org.apache.lucene.index.MergeTrigger;
import org.apache.lucene.index.SegmentCommitInfo;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.TieredMergePolicy;
import org.jspecify.annotations.Nullable;

/// Keeps nearly all vectors in one segment, since each segment has a graph of its own and a query walks all of them:
/// three graphs over 100,000 vectors took three times as long as one.
///
/// Once the segments beside the largest hold a tenth as many passages as it does, all become one. The largest graph is
/// kept and the others' vectors are added to it, so that a vector is added twice or so in its life; against embedding
/// it that is little. Beyond a size, where copying would begin to count, segments are merged as Lucene does.
final class FewGraphs extends FilterMergePolicy {
    private static final double REST_MAX = .1;
    private static final int REST_PASSAGES_MIN = 2_000;
    private static final long BYTES_MAX = 4L << 30;

    FewGraphs() {
        super(new TieredMergePolicy());
    }

    @Override
    public @Nullable MergeSpecification findMerges(MergeTrigger trigger, SegmentInfos infos, MergeContext context)
            throws IOException {
        var segments = infos.asList();
        if (!isDue(segments, context)) {
            return super.findMerges(trigger, infos, context);
        }
        var all = new MergeSpecification();
        all.add(new OneMerge(segments));
        return all;
    }

    private static boolean isDue(List<SegmentCommitInfo> segments, MergeContext context) throws IOException {
        if (segments.stream().anyMatch(context.getMergingSegments()::contains)) {
            return false;
        }
        long bytes = 0;
        long passages = 0;
        for (var segment : segments) {
            bytes += segment.sizeInBytes();
            passages += segment.info.maxDoc();
        }
        long largest = segments.stream()
                .map(segment -> segment.info.maxDoc())
                .max(Comparator.naturalOrder())
                .orElse(0);
        long rest = passages - largest;
        return bytes <= BYTES_MAX && rest >= REST_PASSAGES_MIN && rest >= REST_MAX * largest;
    }
}
