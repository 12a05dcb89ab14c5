import { LineChart } from '@mantine/charts';
import '@mantine/charts/styles.css';

export default function MauChart() {
  return <LineChart h={300} data={[]} dataKey="month" series={[]} />;
}
